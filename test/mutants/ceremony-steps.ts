import { guardsOf, type Mutant, type Mutants } from './mutant.js';

/** Guards of the kinds of ceremony steps, and of the tables that are derived from them. */
const step = (guard: string, mutant: Omit<Mutant, 'guard'>): Mutant => ({ guard, ...mutant });

const RESHARE_TEST = 'test/unit/ceremony/steps/reshare-so-pin.test.ts';
const VERIFY_TEST = 'test/unit/ceremony/verify/verify-plan.test.ts';

const FOUNDING_TEST = 'test/unit/ceremony/steps/founding.test.ts';
const REGISTERED_TEST = 'test/integration/jobs/founding.test.ts';
const foundingStep = guardsOf('src/ceremony/steps/create-founding-certificate.ts', FOUNDING_TEST);
const foundingFile = guardsOf('src/operations/status/founding-file.ts', REGISTERED_TEST);
const foundingAccount = guardsOf('src/operations/accounts/bind-founding-account.ts', REGISTERED_TEST);
const registration = guardsOf('src/operations/status/register-certificates.ts', REGISTERED_TEST);
const foundingCeremony = guardsOf('src/ceremony/verify/founding.ts', REGISTERED_TEST);

export const CEREMONY_STEPS: Mutants = {
  'steps/shares-of-so-pin-are-new': step('A sharing of a PIN of the security officer that exists is not used again.', {
    file: 'src/ceremony/steps/reshare-so-pin.ts',
    find: 'newFiles: tokensNamed(plan, token).flatMap((use) => sharingMarkerFiles(soPinUse(use), generation)),',
    replace: 'newFiles: [],',
    test: RESHARE_TEST,
    title: 'of a generation that is in force already are refused',
  }),
  'steps/outputs-are-new': step('What a ceremony is to make does not exist when it begins.', {
    file: 'src/ceremony/readiness.ts',
    find: 'const paths = [...outputs.flatMap(({ newFiles }) => newFiles), ...own];',
    replace: 'const paths = own;',
    test: RESHARE_TEST,
    title: 'that an abandoned ceremony drew are refused',
  }),
  'steps/needed-files-are-there': step('A file that a step needs is named before the ceremony begins.', {
    file: 'src/ceremony/steps/create-break-glass-account.ts',
    find: 'neededFiles(certificatePath(authority), request)',
    replace: 'neededFiles(certificatePath(authority))',
    test: 'test/unit/ceremony/readiness.test.ts',
    title: 'names every file that the plan needs and nobody has made',
  }),
  'steps/signed-was-shown': step('Whatever a ceremony signed was shown before, also where nobody had to be present.', {
    file: 'src/ceremony/verify/artefacts.ts',
    find: "kindOfEntry(entry)?.signs !== 'shown-first'",
    replace: "true || kindOfEntry(entry)?.signs !== 'shown-first'",
    test: VERIFY_TEST,
    title: 'is rejected without a roll call and without showing',
  }),
  'steps/request-is-of-the-plan': step('A line names as a request what the plan names.', {
    file: 'src/ceremony/steps/create-issuing-authority.ts',
    find: 'request: request ?? null,',
    replace: '',
    test: VERIFY_TEST,
    title: 'a file as the request of a key that is on a token',
  }),
  'steps/schema-is-generated': step('The schema of plans is the one of the kinds of steps.', {
    file: 'src/ceremony/plan/schema.ts',
    find: "why: part('why') },",
    replace: '},',
    test: 'test/unit/ceremony/steps/step-kinds.test.ts',
    title: 'are in the schema of plans',
  }),
  'steps/founding-key-is-of-the-plan': foundingStep('A founding certificate is for the key that the plan names.', {
    find: 'if (!expected.ok) return expected;',
    replace: '',
    title: 'are refused for another key than that of the plan',
  }),
  'steps/founding-is-as-planned': foundingStep('A certificate at the place of a founding one is that of the plan.', {
    find: 'if (!read.ok || !isAsOrdered(vetted, issuer, read.value)) return',
    replace: 'if (!read.ok) return',
    title: 'are not taken from another certificate of the CA',
  }),
  'steps/founding-account-is-of-the-plan': foundingStep('The account in the transcript is the one in the plan.', {
    find: 'account: account === undefined ? null : (account as unknown as Json),',
    replace: '',
    title: 'do not verify with another account',
  }),
  'steps/founding-chain-is-of-the-certificate': foundingStep('The chain is that of the certificate.', {
    find: 'isChain(path)\n        ?',
    replace: 'isChain(path) && path === ""\n        ?',
    title: 'do not verify with another account',
  }),
  'steps/founding-server-has-no-account': foundingStep('A server gets no account.', {
    find: "holder !== 'server' && ",
    replace: '',
    title: 'need a plan whose holder, profile, places and account fit',
  }),
  'founding/certificate-is-as-ordered': foundingFile('A founding certificate is what the policy makes of its plan.', {
    find: 'if (!isAsOrdered(vetted.value, issuer, read.value))',
    replace: 'if (tbs.serial === "")',
    title: 'nor under a policy that would make other certificates',
  }),
  'founding/signed-by-our-authority': foundingFile('A founding certificate is signed by the CA at home.', {
    find: 'if (!isSignedBy(read.value, issuer.spki)) return',
    replace: 'if (tbs.serial === "") return',
    title: 'are not used if their CA at home is another one',
  }),
  'founding/no-rehearsal': foundingCeremony('A rehearsal founds nothing.', {
    find: 'if (verified.value.rehearsal) return',
    replace: 'if (verified.value.rehearsal && ceremony === "") return',
    title: 'of a rehearsal are not used',
  }),
  'founding/ceremony-verifies': foundingCeremony('Nothing is used of a ceremony that does not verify.', {
    find: 'if (!verified.ok) return err(describeVerifyFault(verified.error).en);',
    replace: 'if (!verified.ok) return ok(new Map());',
    title: 'are reported and not used when',
  }),
  'founding/rights-are-those-of-the-plan': foundingAccount('An account with other rights gets no certificate.', {
    find: 'if (existing !== null && rightsOf(existing) !== rightsOf(planned))',
    replace: 'if (existing !== null && existing.id !== planned.id)',
    title: 'are registered without their account if it has other rights',
  }),
  'founding/key-of-one-account': foundingAccount('A key belongs to one account.', {
    find: 'if (taken !== null) return err(',
    replace: 'if (taken !== null && account.id === taken) return err(',
    title: 'are registered without their account if it has other rights',
  }),
  'founding/key-not-compromised': foundingAccount('A compromised or blocked key is bound to no account.', {
    find: 'if (isBlocked || (await tx.compromisedKeys([spkiSha256])).length > 0)',
    replace: 'if (isBlocked && spkiSha256 === "")',
    title: 'are registered without their account if it has other rights',
  }),
  'founding/known-changes-nothing': registration('What the database has is not compared with the present policy.', {
    find: 'if (known === null || !read.ok || isAnother(known, read.value.tbs.der)) fresh.push(file);',
    replace: 'fresh.push(file);',
    title: 'a later start changes nothing',
  }),
  'founding/registered-meanwhile': registration('What another service has registered meanwhile changes no account.', {
    find: 'if (known !== null || founding === null || founding.account === null) return [];',
    replace: 'if (founding === null || founding.account === null) return [];',
    title: 'are registered at a start with their accounts, once',
  }),
};
