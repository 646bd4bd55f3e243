import { guardsOf, type Mutant, type Mutants } from './mutant.js';

/** Guards of the kinds of ceremony steps, and of the tables that are derived from them. */
const step = (guard: string, mutant: Omit<Mutant, 'guard'>): Mutant => ({ guard, ...mutant });

const RESHARE_TEST = 'test/unit/ceremony/steps/reshare-so-pin.test.ts';
const VERIFY_TEST = 'test/unit/ceremony/verify/verify-plan.test.ts';

const previousList = guardsOf(
  'src/ceremony/steps/shared/previous-list.ts',
  'test/unit/ceremony/steps/overtaken-list.test.ts',
);
const signedList = guardsOf('src/ceremony/steps/sign-crl.ts', 'test/unit/ceremony/steps/overtaken-list.test.ts');
const importedList = guardsOf('src/ceremony/steps/import-bundle.ts', 'test/unit/ceremony/steps/imported-list.test.ts');
const verifiedLine = guardsOf('src/ceremony/verify/plan.ts', VERIFY_TEST);
const verifiedFile = guardsOf('src/ceremony/verify/artefacts.ts', VERIFY_TEST);
const lineFacts = guardsOf('src/ceremony/steps/shared/line-facts.ts', VERIFY_TEST);

const FOUNDING_TEST = 'test/unit/ceremony/steps/founding.test.ts';
const REGISTERED_TEST = 'test/integration/jobs/founding.test.ts';
const foundingStep = guardsOf('src/ceremony/steps/create-founding-certificate.ts', FOUNDING_TEST);
const foundingFile = guardsOf('src/operations/status/founding-file.ts', REGISTERED_TEST);
const foundingAccount = guardsOf('src/operations/accounts/bind-founding-account.ts', REGISTERED_TEST);
const registration = guardsOf('src/operations/status/register-certificates.ts', REGISTERED_TEST);
const foundingCeremony = guardsOf('src/ceremony/verify/founding.ts', REGISTERED_TEST);

export const CEREMONY_STEPS: Mutants = {
  'lists/overtaken': previousList('A list does not replace a later one.', {
    find: 'else if (!equalBytes(copy, published)) return wrongFile(step.output, OVERTAKEN);',
    replace: '',
    title: 'is not signed when its ceremony is resumed',
  }),
  'lists/overtaken-while-read': signedList('A list is compared again after its code was read.', {
    find: '  if (!unchanged.ok) return unchanged;\n',
    replace: '',
    title: 'is not signed either if the later list is published while its code is being read',
  }),
  'lists/later-has-entries': signedList('A later list has every entry of the signed one.', {
    find: 'lostEntry(own.value, later.value) === null',
    replace: 'lostEntry(own.value, own.value) === null',
    title: 'is not recorded as published if the later list lacks the CA that it revokes',
  }),
  'lists/imported-has-entries': importedList('An imported list has every entry of the published one.', {
    find: 'if (lost !== null) return wrongAt',
    replace: 'if (lost !== null && was === will) return wrongAt',
    title: 'does not replace the published one if it lacks a CA that is revoked there',
  }),
  'lists/imported-has-own-number': importedList('Two lists do not have the same number.', {
    find: 'if (was === will) return',
    replace: 'if (was !== was) return',
    title: 'is not recorded as imported if a published one with a higher or the same number lacks its entries',
  }),
  'steps/destroyed-key-was-read': step('A ceremony is resumed after it has destroyed a key that it had read.', {
    file: 'src/ceremony/perform.ts',
    find: 'return (await world.files.read(later.output)) !== null;',
    replace: 'return (await world.files.read(later.output)) === undefined;',
    test: 'test/unit/ceremony/steps/root-acts.test.ts',
    title: 'resume a destruction of a key that an earlier step of the plan has read',
  }),
  'verify/holders-of-shares': verifiedLine('The holders that the plan states have opened a token.', {
    find: 'Number(generation));',
    replace: 'Number(generation) + 9);',
    title: 'is rejected for other holders or too few, even if a step of the plan shares the PIN among others',
  }),
  'verify/opened-at-hsm': verifiedLine('A token whose PIN is shared is not opened by an HSM alone.', {
    find: "name === token && pin.kind === 'hsm'",
    replace: "name === token && pin.kind !== 'file'",
    title: 'is rejected when nobody opened a token, or too few did',
  }),
  'verify/holder-of-share': verifiedLine('A share is opened by its holder.', {
    find: 'if (planned !== null && isStrange) return',
    replace: 'if (planned === null && isStrange && token === null) return',
    title: 'is rejected when nobody opened a token, or too few did',
  }),
  'verify/key-was-new': verifiedLine('A token did not have a key before it was generated.', {
    find: 'if (newKey !== null && !state.newKeys.has(newKeyName(entry.step, newKey))) return',
    replace: 'if (newKey !== null && newKeyName(entry.step, newKey) === "") return',
    title: 'a key that may have been on its token before',
  }),
  'verify/certified-key': lineFacts('A certificate is for the key that was generated or read.', {
    find: 'known === null || known === result.publicKeySha256',
    replace: 'known === null || known !== result',
    title: 'a certificate for another key than the one that was generated',
  }),
  'verify/facts-of-certificate': verifiedFile('The line of a certificate has its serial number and validity.', {
    find: 'return isSame ? null : otherFacts(seq);',
    replace: 'return isSame || seq > 0 ? null : otherFacts(seq);',
    title: 'another serial number of a certificate',
  }),
  'minutes/people-of-organisations': step('People of one name in two organisations are two people.', {
    file: 'src/ceremony/minutes/minutes.ts',
    find: 'return canonicalJson([role, name, organisation]);',
    replace: 'return canonicalJson([role, name, organisation.slice(0, 0)]);',
    test: 'test/unit/ceremony/minutes/minutes.test.ts',
    title: 'keep people of the same name and role apart',
  }),
  'plans/look-alike-names': step('A name in look-alike letters is the same name.', {
    file: 'src/ceremony/plan/presence.ts',
    find: 'LATIN.get(letter) ?? letter',
    replace: "LATIN.get('') ?? letter",
    test: 'test/unit/ceremony/plan/plan-quorum.test.ts',
    title: 'gives nobody two shares, however the name is written',
  }),
  'steps/shares-of-so-pin-are-new': step('A sharing of a PIN of the security officer that exists is not used again.', {
    file: 'src/ceremony/steps/reshare-so-pin.ts',
    find: 'newFiles: tokensNamed(plan, token).flatMap((use) => sharingFiles(soPinUse(use), generation)),',
    replace: 'newFiles: [],',
    test: RESHARE_TEST,
    title: 'of a generation that is in force already are refused',
  }),
  'steps/sharings-follow-each-other': step('No sharing of a PIN follows one that stopped.', {
    file: 'src/ceremony/quorum/in-force.ts',
    find: 'if (inForce !== generation - 1) return',
    replace: 'if (inForce > generation - 1) return',
    test: 'test/unit/ceremony/steps/reshare-quorum.test.ts',
    title: 'is followed by no sharing with a later number, and its own ceremony finishes it',
  }),
  'steps/approved-in-any-generation': step('A responder key is approved for one generation of one CA only.', {
    file: 'src/ceremony/steps/shared/responder-keys.ts',
    find: '!== null) issuers.push(later);',
    replace: '=== null) continue;',
    test: 'test/unit/ceremony/steps/approved-keys.test.ts',
    title: 'are refused when they are approved already, under any number or CA',
  }),
  'steps/share-for-encryption': step('A share is encrypted for a certificate whose keyUsage permits it.', {
    file: 'src/ceremony/quorum/share-encryption.ts',
    find: 'if (recipientFault(certificate) !== null) return null;',
    replace: 'recipientFault(certificate);',
    test: 'test/unit/ceremony/quorum/quorum-certificate.test.ts',
    title: 'is not made for a certificate whose keyUsage does not permit encryption',
  }),
  'steps/secret-is-copied': step('A secret that was made in a ceremony is as it was when a token is opened again.', {
    file: 'src/ceremony/quorum/token-opener.ts',
    find: 'ok(Uint8Array.from(known))',
    replace: 'ok(known)',
    test: 'test/unit/ceremony/quorum/token-opener.test.ts',
    title: 'opens a token with the secret that it has made as often as is needed',
  }),
  'steps/outputs-are-new': step('What a ceremony is to make does not exist when it begins.', {
    file: 'src/ceremony/readiness.ts',
    find: 'const paths = [...outputs.flatMap(({ newFiles }) => newFiles), ...recordFiles];',
    replace: 'const paths = recordFiles;',
    test: RESHARE_TEST,
    title: 'that an abandoned ceremony drew are refused',
  }),
  'steps/swap-means-swap': step('A production plan that allows swap allows neither core dumps nor a debugger.', {
    file: 'src/ceremony/readiness.ts',
    find: "environment === 'development' ? [allowed] :",
    replace: 'environment.length > 0 ? [allowed] :',
    test: 'test/unit/ceremony/readiness.test.ts',
    title: 'find core dumps and a debugger in production, even if the plan allows swap',
  }),
  'steps/needed-files-are-there': step('A file that a step needs is named before the ceremony begins.', {
    file: 'src/ceremony/steps/create-break-glass-account.ts',
    find: 'neededFiles(issuerCertificateFile(authority), request)',
    replace: 'neededFiles(issuerCertificateFile(authority))',
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

const NEW_TEST = 'test/integration/ceremony/new-plan.test.ts';
const DRAFT_TEST = 'test/unit/ceremony/draft.test.ts';
const REGULAR_TEST = 'test/unit/config/regular-file.test.ts';

const newPlan = guardsOf('src/cli/ceremony/new.ts', NEW_TEST);
const answersFile = guardsOf('src/cli/ceremony/answers-file.ts', NEW_TEST);
const people = guardsOf('src/ceremony/draft/people.ts', DRAFT_TEST);
const regularFile = guardsOf('src/config/regular-file.ts', REGULAR_TEST);
const replaceFile = guardsOf('src/config/replace-file.ts', 'test/unit/config/replace-file.test.ts');
const closing = guardsOf('src/ceremony/sitting/closing-screen.ts', 'test/unit/ceremony/closing-screen.test.ts');
const signature = guardsOf('src/cli/ceremony/signature.ts', 'test/integration/ceremony/commands.test.ts');

/** Guards of plans that are written from answers, and of the files that ceremonies read. */
export const CEREMONY_PLANS: Mutants = {
  'plans/file-exists': newPlan('A file that exists is refused before the first question.', {
    find: 'if (file !== undefined && existsSync(file)) return',
    replace: 'if (file === null) return',
    title: 'refuses before the first question a file that exists',
  }),
  'plans/file-of-id-exists': newPlan('An id whose file exists is refused at its question.', {
    find: 'if (!id.ok || !existsSync(planFileOf(id.value))) return id;',
    replace: 'if (id !== undefined) return id;',
    title: 'refuses before the first question a file that exists',
  }),
  'plans/unknown-answer': newPlan('A member of the file of answers that answers no question is an error.', {
    find: 'if (unknown.length > 0) {',
    replace: 'if (unknown.length < 0) {',
    title: 'names a member that answers no question',
  }),
  'plans/answers-of-file-again': newPlan('An answer of the file can be corrected at the terminal.', {
    find: 'const prepared = asked.has(name) ? undefined : given[name];',
    replace: 'const prepared = given[name];',
    title: 'asks again what the file answers wrongly for the policy',
    hangs: true,
  }),
  'plans/duplicate-answer': answersFile('Duplicate keys in the file of answers are rejected.', {
    find: 'if (duplicate !== undefined) return',
    replace: 'if (duplicate === null) return',
    title: 'names the member of a file of answers that is wrong',
  }),
  'plans/answers-limit': answersFile('The file of answers has a limit.', {
    find: 'readRegularFile(file, ANSWERS_BYTES_MAX)',
    replace: 'readRegularFile(file, 2 * ANSWERS_BYTES_MAX)',
    title: 'names the member of a file of answers that is wrong',
  }),
  'plans/folder-as-certificate': people('A certificate that cannot be read is refused in words.', {
    find: 'await files.read(path).catch(() => null)',
    replace: 'await files.read(path)',
    title: 'are refused answer by answer',
  }),
  'plans/one-spelling': people('A holder has the spelling of the people.', {
    find: 'isTheirs ? person :',
    replace: 'isTheirs && person.name === typedName ? person :',
    title: 'are refused answer by answer',
  }),
  'plans/quoted-command': closing('Names in commands to be copied are quoted.', {
    find: 'shellWord(name)',
    replace: 'name',
    title: 'has commands that can be copied',
  }),
  'plans/damaged-copy': signature('A damaged copy of a plan is refused in words.', {
    find: 'if (!plan.ok) return fail',
    replace: 'if (plan === null) return fail',
    title: 'add-signature stores next to the transcript',
  }),
  'files/regular': regularFile('Only regular files are read.', {
    find: 'if (stat.isFile()) return',
    replace: 'if (!stat.isDirectory()) return',
    title: 'is read completely, and nothing else is opened',
  }),
  'files/limit': regularFile('A file that is too large is not read.', {
    find: 'if (stat.size > bytesMax) throw',
    replace: 'if (stat.size < 0) throw',
    title: 'has a limit',
  }),
  'files/no-parts': replaceFile('A failed replacement leaves no part file.', {
    find: '    for (const { part } of replacements) removeQuietly(part);\n',
    replace: '',
    title: 'leaves no part file if a file cannot be renamed',
  }),
};
