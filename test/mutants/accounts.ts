import { guardsOf, type Mutants } from './mutant.js';

const COMMANDS = 'test/integration/service/accounts/account-commands.test.ts';
const START = 'test/integration/service/start/wrong-files.test.ts';

const api = guardsOf('src/compose/requirements/api.ts', START);

export const ACCOUNTS: Mutants = {
  'accounts/certified-once': guardsOf(
    'src/operations/accounts/certify-account.ts',
    'test/fault/ports/ports-sqlite.test.ts',
  )('A repeated request of an officer issues one certificate.', {
    find: 'idempotency: { claim, bodySha256 },',
    replace: 'idempotency: null,',
    title: 'and without a fault every promise is kept',
    message: 'give an account a new certificate',
  }),
  'accounts/certified-by-unlimited': guardsOf(
    'src/operations/accounts/certify-account.ts',
    'test/integration/approvals/accounts.test.ts',
  )('An officer with a limited scope does not get the rights of another account.', {
    find: 'if (!isUnlimited(command.officer.scope))',
    replace: 'if (!isUnlimited(command.officer.scope) && command.csr === "")',
    title: 'gets no new certificate from an officer with a limited scope, who would have its rights',
  }),
  'accounts/whole-lists-reviewed': guardsOf(
    'src/console/pages/account/rights.ts',
    'test/integration/console/accounts-and-policy.test.ts',
  )('An officer sees every value of a list before the change of an account is requested.', {
    find: 'scope[list], Number.POSITIVE_INFINITY)',
    replace: 'scope[list], SHOWN_MAX)',
    title: 'are added and changed after a second officer has approved',
  }),
  'accounts/not-founded-is-audited': guardsOf(
    'src/operations/status/register-certificates.ts',
    'test/integration/jobs/founding.test.ts',
  )('A founding certificate that its account did not get is in the audit log.', {
    find: 'await tx.appendAudit([{ at, type: NOT_FOUNDED,',
    replace: 'await tx.compromisedKeys([]); void ([{ at, type: NOT_FOUNDED,',
    title: 'are registered without their account if it has other rights',
  }),
  'accounts/chain-only': guardsOf('src/cli/account/credentials.ts', COMMANDS)(
    'A certificate that is not of the chain is not ignored in a file.',
    {
      find: 'return isChain(der, issuers) ? ok(der) : err(inBothLanguages(NO_CHAIN));',
      replace: 'return isChain(der, issuers) || NO_CHAIN !== null ? ok(der) : err(inBothLanguages(NO_CHAIN));',
      title: 'in which other certificates than the chain follow',
    },
  ),
  'accounts/break-glass-roles': guardsOf(
    'src/operations/accounts/change-account.ts',
    'test/integration/service/accounts/break-glass.test.ts',
  )('No change gives a break-glass officer another role.', {
    find: 'return isMisplaced ? ',
    replace: "return isMisplaced && account.id === '' ? ",
    title: 'cannot have another role',
    whole: true,
  }),
  'accounts/quota-counted': guardsOf(
    'src/operations/issuance/reserve.ts',
    'test/integration/enrolment/account-quotas.test.ts',
  )('What an account is issued counts for its quota.', {
    find: 'await tx.countAccountUse(quotas.added());',
    replace: 'await tx.countAccountUse(quotas.added().slice(0, 0));',
    title: 'follows the limits as they are at the reservation',
  }),
  'accounts/networks': guardsOf('src/http/api/authenticate.ts', COMMANDS)(
    'An account is refused outside of its networks.',
    {
      find: 'if (elsewhere !== null)',
      replace: "if (elsewhere !== null && account.id === '')",
      title: 'change names networks and an end',
    },
  ),
  'accounts/one-successor': guardsOf(
    'src/operations/issuance/reserve.ts',
    'test/integration/enrolment/self-renewal.test.ts',
  )('A certificate that renews itself is told that it has a successor.', {
    find: 'successors.conflict(one) ??',
    replace: 'successors.conflict({ records: [] }) ??',
    title: 'has one live successor, however many nodes ask at once',
  }),
  'accounts/credential-passed': guardsOf(
    'src/operations/accounts/pass-credentials.ts',
    'test/integration/enrolment/self-renewal.test.ts',
  )('The new key of a certificate that has renewed itself authenticates its account.', {
    find: 'await tx.updateAccount(after);',
    replace: 'await tx.updateAccount(account);',
    title: 'makes its new key a credential of its account at once',
  }),
  'start/key-of-the-certificate': api('The API does not start with the key of another certificate.', {
    find: "if ('view' in server && 'key' in own && !isKeyOf(own.key, server.view)) add('key', MISMATCH);",
    replace: "if ('view' in server && 'key' in own && isKeyOf(own.key, server.view) === null) add('key', MISMATCH);",
    title: 'names what is wrong with the certificate and the key of the API',
  }),
  'start/key-closed-to-others': api('The API does not start with a key that others can read.', {
    find: "else add('key', secretFault(secretFileFault(key)));",
    replace: "else if (secretFileFault(key) === '') add('key', MISMATCH);",
    title: 'names a PIN file that others can read, and a key of the API',
  }),
  'start/all-generations': api('A missing certificate of a CA is not taken for a foreign server certificate.', {
    find: 'return isOurs || !isComplete;',
    replace: 'return isOurs || (!isComplete && isOurs);',
    title: 'does not say that the API has a foreign certificate while the certificate of one generation is missing',
  }),
  'start/certificate-of-a-ca-here': api('Clients of this platform can verify the certificate of the API.', {
    find: "issuer.kind === 'issuing' && isIssuedBy(issuer, view)",
    replace: "issuer.kind === 'issuing'",
    title: 'names what is wrong with the certificate and the key of the API',
  }),
  'start/chain-of-its-root': guardsOf('src/compose/issuers.ts', 'test/unit/compose/issuers.test.ts')(
    'The chain of a CA has the root that has signed it.',
    {
      find: "one.kind === 'root' && read.ok && isIssuedBy(one, read.value)",
      replace: "one.kind === 'root' && read.ok && (isIssuedBy(one, read.value) || one.hierarchy === issuer.hierarchy)",
      title: 'have the chain of the generation of the root that has signed them',
    },
  ),
  'accounts/officer-certifies-no-officer': guardsOf(
    'src/operations/accounts/certify-account.ts',
    'test/integration/approvals/accounts.test.ts',
  )('One officer does not get the key of another, with which the same person would sign for two.', {
    find: "if (rolesPermit(found.value.account.roles, 'approve') && !isBoundToAccessAuthority(officer))",
    replace: "if (rolesPermit(found.value.account.roles, 'approve') && officer.id === accountId)",
    title:
      'that approves gets a new certificate from a break-glass officer only, because one officer would sign for two',
  }),
};
