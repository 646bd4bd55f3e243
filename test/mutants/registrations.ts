import { guardsOf, type Mutants } from './mutant.js';

const ROWS = 'test/integration/enrolment/registration-rows.test.ts';
const SECRETS = 'test/integration/enrolment/registration-secrets.test.ts';

const uses = guardsOf('src/operations/enrolment/use-registrations.ts', ROWS);
const returned = guardsOf('src/operations/enrolment/return-uses.ts', ROWS);
const secrets = guardsOf('src/operations/enrolment/registration-secret.ts', SECRETS);

/** Guards of registrations and their secrets. */
export const REGISTRATIONS: Mutants = {
  'registrations/used-once': uses('A profile of a registration is used once.', {
    find: 'if (use.certificateId !== null) {',
    replace: "if (use.certificateId === '') {",
    title: 'are used once for each profile',
  }),
  'registrations/ended': uses('A registration that has ended is refused before a job has written it.', {
    find: "state === 'open' && expiresAt <= now ? 'expired' : state",
    replace: "state === 'open' && expiresAt < 0 ? 'expired' : state",
    title: 'that were withdrawn or have ended',
  }),
  'registrations/returned-uses': returned('A device that accepts no certificate gets three more at most.', {
    find: "because === 'given-up' ? own : own",
    replace: "because !== 'given-up' ? own : own",
    title: 'three times at most',
  }),
  'registrations/erased-keeps-its-uses': returned('The end of an old intent does not fail at an erased registration.', {
    find: '&& at < expiresAt && erasedAt === null',
    replace: '&& at < expiresAt',
    title: 'that were erased do not open again when a use is given back, because nobody is left to be certified',
  }),
  'registrations/erased-secret': guardsOf(
    'src/operations/enrolment/renew-secret.ts',
    'test/integration/jobs/registrations.test.ts',
  )('A new secret of an erased registration is refused, and is no error of the service.', {
    find: " || state === 'expired' || !hasHolder)",
    replace: " || state === 'expired')",
    title: 'leaves no secret that could be renewed: the account is told that the registration is not open',
  }),
  'registrations/erased-domains': guardsOf(
    'src/operations/enrolment/read-registrations.ts',
    'test/integration/enrolment/erased-registrations.test.ts',
  )('A registration without its domains is in no scope of some domains.', {
    find: 'erasedAt === null ? domains : [ERASED_DOMAIN]',
    replace: 'erasedAt === undefined ? [ERASED_DOMAIN] : domains',
    title: 'is seen by no account that is limited to some domains or some holders',
  }),
  'registrations/secret': secrets('A wrong secret proves nothing.', {
    find: 'if (found.value !== null && isRight)',
    replace: 'if (found.value !== null)',
    title: 'prove nothing if the secret is wrong',
  }),
  'registrations/development-secrets': secrets('Accounts have secrets in development only.', {
    find: 'policy.environment.enrolment.accountSecrets && secret !== null',
    replace: 'secret !== null',
    title: 'prove an account in development only',
  }),
};
