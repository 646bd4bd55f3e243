import { guardsOf, type Mutants } from './mutant.js';

const SELF_CHECK = 'test/integration/publish/self-check.test.ts';

/**
 * Guards against what other public CAs got wrong, with the number of the report in Mozilla's
 * Bugzilla. Other incidents have their guards elsewhere: certificates without an audit entry
 * (2052085) in `ports/intent-audited`, certificates that the database lost (1957140) in
 * `ports/stored-before-signed`, a second serial number after a timeout (2050383) in
 * `ports/keyed-intent-finished`, wrong batches (1914419) in `requests/count-as-expected`, and
 * requests that were finished under older rules (1866091) in `checks/linted-against-today`. Two
 * incidents are in the titles of their tests: `Estonia 2017` and `Entrust 2024`.
 */
export const INCIDENTS: Mutants = {
  'incidents/estonia-2017-suspended-cards': guardsOf(
    'src/operations/campaigns/update-hooks.ts',
    'test/integration/campaigns/service.test.ts',
  )('Cards of a suspended population update their keys, and do nothing else.', {
    find: 'fromSuspended: document.fromSuspended,',
    replace: 'fromSuspended: false,',
    title: 'updates from suspended keys, which do nothing else; the rest is released',
  }),
  'incidents/entrust-2024-who-stops-it': guardsOf(
    'src/jobs/campaigns/dates.ts',
    'test/integration/campaigns/dates.test.ts',
  )('One officer stops a suspension or revocation of a population, and it goes on where it was.', {
    find: "return state !== 'paused' || action?.kind === 'release';",
    replace: 'return state.length > 0 || action !== null;',
    title: 'does nothing while the campaign is paused, and what it has begun stops until it goes on',
  }),
  'incidents/2014590-unknown-at-responder': guardsOf('src/jobs/lists/self-check-ocsp.ts', SELF_CHECK)(
    'A responder that does not know the newest certificate of an issuer is reported.',
    {
      find: "return mayBeLate && status !== 'unknown' ? null :",
      replace: "return mayBeLate || status === 'unknown' ? null :",
      title: 'requests the status of the newest certificate',
    },
  ),
  'incidents/2052085-entries-counted': guardsOf(
    'src/operations/issuance/store-signatures.ts',
    'test/fault/nodes/acceptance.test.ts',
  )('Under load, there are as many entries as issued certificates and signatures.', {
    find: 'signed.map(({ one, request }) => issuedEvent(one, request))',
    replace: '[...signed, ...signed].map(({ one, request }) => issuedEvent(one, request))',
    title: 'the primary is killed and the standby is promoted',
  }),
  'incidents/1914067-expired-list': guardsOf('src/jobs/lists/self-check.ts', SELF_CHECK)(
    'An expired list at a public address is reported.',
    {
      find: 'if (nextUpdate <= now) return `number',
      replace: 'if (nextUpdate <= 0) return `number',
      title: 'finds an expired CRL',
    },
  ),
  'incidents/1878106-long-response': guardsOf(
    'src/lint/ocsp/rules/e_cps_ocsp_life_within_policy.ts',
    'test/unit/hsm/signer/check.test.ts',
  )('No OCSP response is valid longer than the policy allows.', {
    find: 'return lifeMs > lifeMsMax ?',
    replace: 'return lifeMs > 2 * lifeMsMax ?',
    title: 'refuses a response that is valid longer than the policy allows',
  }),
  'incidents/1883779-reversed-subject': guardsOf('src/x509/certificate/name-writer.ts', 'test/unit/x509/names.test.ts')(
    'The attributes of a subject have the order of the policy.',
    {
      find: 'seq(...name.map(encodeRdn))',
      replace: 'seq(...name.map(encodeRdn).reverse())',
      title: 'reads back with its attributes',
    },
  ),
  'incidents/1990801-address-of-list': guardsOf(
    'src/lint/certificate/rules/e_cps_crl_distribution_points_are_issuers.ts',
    'test/unit/lint/matrix.test.ts',
  )('No certificate is signed that names another list than that of its issuer.', {
    find: 'return pointsFaultOfAny(points, allowed);',
    replace: 'return pointsFaultOfAny(points, allowed) === null ? null : null;',
    title: 'e_cps_crl_distribution_points_are_issuers',
  }),
  'incidents/1921598-authority-without-policies': guardsOf(
    'src/ceremony/steps/shared/certify.ts',
    'test/unit/ceremony/steps/certify.test.ts',
  )('A ceremony signs no issuing CA in which the lint finds a fault.', {
    find: "if (findings.length > 0) return err({ kind: 'lint-failed', artefact: output, findings });",
    replace: 'void findings;',
    title: 'is neither shown nor signed without its policies',
  }),
};
