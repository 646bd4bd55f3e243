import { guardsOf, type Mutants } from './mutant.js';

const SIGNER_CORE = 'test/unit/hsm/signer/signer-core.test.ts';
const CRL_NUMBER = 'test/unit/hsm/signer/crl-number.test.ts';
const SERIAL_INDEX = 'test/unit/hsm/signer/serial-index.test.ts';
const crls = guardsOf('hsm/signer/crl-stream.ts', CRL_NUMBER);
const check = guardsOf('hsm/signer/check.ts', 'test/unit/hsm/signer/check.test.ts');
const responder = guardsOf('src/ocsp/responder.ts', 'test/unit/ocsp/responder.test.ts');
const journals = guardsOf('src/jobs/journals/reconcile.ts', 'test/integration/jobs/journals.test.ts');
const notes = guardsOf('src/jobs/journals/signer-notes.ts', 'test/integration/jobs/journals.test.ts');
const lookUps = guardsOf('src/db/tables/journals.ts', 'test/integration/jobs/journals.test.ts');
const ocspAudit = guardsOf('src/jobs/journals/ocsp-audit.ts', 'test/integration/jobs/journals.test.ts');

export const SIGNER_CHECKS: Mutants = {
  'checks/notes-copied-once': notes('Notes of a journal are copied into the audit log once.', {
    find: 'if ((before?.seq ?? 0) !== notes.fromSeq - 1) return;',
    replace: '',
    title: 'have their refusals and alarms copied into the audit log once, counted by name and not as signatures',
  }),
  'checks/journals-distinguished': journals('Positions belong to the id of a journal and not to the name of a token.', {
    find: 'return journal === null ? null : reads.journalPosition(journal, purpose);',
    replace: "return journal === null ? null : reads.journalPosition('of-the-token' as JournalId, purpose);",
    title: 'are told apart by their ids',
  }),
  'checks/unknown-named': journals('A hundred unknown signatures are named, however many there are.', {
    find: 'if (unknown.named.length < options.namedMax) unknown.named.push(describe(entry));',
    replace: 'unknown.named.push(describe(entry));',
    title: 'have unknown signatures reported once, as a count with the first fifty',
  }),
  'checks/worker-receipts': guardsOf('hsm/wire/permissions.ts', 'test/integration/hsm/signers.test.ts')(
    'A worker, which has no API, gets the signature of the platform for a receipt.',
    {
      find: "'responder-certificate', 'platform'],",
      replace: "'responder-certificate'],",
      title: 'signs for the API and for the worker, which makes receipts, and not for a responder',
    },
  ),
  'checks/this-update-order': crls('The thisUpdate of a list is not before that of the last one.', {
    find: 'if (thisUpdate !== null && thisUpdate >= earliest) continue;',
    replace: 'if (thisUpdate !== null && earliest !== 0) continue;',
    title: 'is not a second before that of the last list, but may be the same',
  }),
  'checks/future-list': crls('A last list of the future does not stop revocation.', {
    find: 'last.thisUpdate <= now ? last.thisUpdate : toSecond(now - CEILINGS.backdatingMsMax)',
    replace: 'now < 0 ? toSecond(now - CEILINGS.backdatingMsMax) : last.thisUpdate',
    title: 'is the present time when the last one is in the future, so that a wrong clock does not stop revocation',
  }),
  'checks/list-shrank': crls('A list that lost many entries raises an alarm.', {
    find: 'if (loss !== null) {',
    replace: 'if (loss === "") {',
    title: 'is signed, with an alarm if it lost more than a tenth and more than a hundred',
  }),
  'checks/serial-used': guardsOf('hsm/signer/signer-core.ts', SIGNER_CORE)(
    'A serial number is signed for one certificate.',
    {
      find: 'if (!claimed.value) return refuseThis(serialUsed(event.serial));',
      replace: '',
      title: 'signs the same bytes again, and no other bytes under their serial number, also after a restart',
    },
  ),
  'checks/serials-of-journal': guardsOf('hsm/signer/recover-journal.ts', SERIAL_INDEX)(
    'The serial index is completed from the journal.',
    {
      find: ' serials?.claim(entry);',
      replace: ' void serials;',
      title: 'are read from the journal when the index is missing, older, damaged, or of another journal',
    },
  ),
  'checks/serials-of-whole-chains': guardsOf('hsm/signer/serial-index.ts', SERIAL_INDEX)(
    'A serial index that lost a page between two others is made again.',
    {
      find: 'if (page.readUInt32BE(4) !== (lastPages.get(chain)?.page ?? 0)) return null;',
      replace: '',
      title: 'are read from the journal when a power cut has emptied a page between two pages of a chain',
    },
  ),
  'checks/serials-of-this-journal': guardsOf('hsm/signer/recover-journal.ts', SERIAL_INDEX)(
    'A serial index is complete for its own journal only.',
    {
      find: ' || serials.completeTo.hash !== hash;',
      replace: ';',
      title: 'are read from a journal that has replaced the one of the index',
    },
  ),
  'checks/platform-purposes': guardsOf('hsm/wire/platform-purposes.ts', SIGNER_CORE)(
    'The platform key signs the one text of its purpose.',
    {
      find: 'equalBytes(body, BENCH_TEXT)',
      replace: 'body.length > 0',
      title: 'a platform token signs what its purposes need, and nothing else',
    },
  ),
  'checks/approved-key': check('The key of a responder is one that a ceremony has certified.', {
    find: `if (request.holder === 'responder' && !isApproved)`,
    replace: `if (request.holder === 'responder' && isApproved && tbs.length === 0)`,
    title: 'refuses any other key',
  }),
  'checks/responder-frame': check('A certificate of a responder has its own frame.', {
    find: `if (isResponder && requested !== 'responder')`,
    replace: `if (isResponder && requested !== 'responder' && id === '')`,
    title: 'refuses a certificate of a responder in the frame of other certificates',
  }),
  'checks/only-responders': check('The frame of responders takes no other profile.', {
    find: `if (!isResponder && requested === 'responder')`,
    replace: `if (!isResponder && requested === 'responder' && id === '')`,
    title: 'refuses any profile that is not of responders',
  }),
  'checks/signer-lists': crls('A signer reads eight lists at a time.', {
    find: 'if (streams.size >= STREAMS_MAX) {',
    replace: 'if (STREAMS_MAX < 0) {',
    title: 'are eight at a time',
  }),
  'checks/list-length': crls('A list has a maximal length.', {
    find: 'if (stream.bytes > LIMITS.crlBytesMax) {',
    replace: 'if (stream.bytes < 0) {',
    title: 'are eight at a time, each opened once, and of limited length',
  }),
  'checks/refused-list-over': guardsOf('hsm/signer/crl-stream.ts', SIGNER_CORE)('A list that was refused is over.', {
    find: '    streams.delete(id);\n    world.refuse(',
    replace: '    world.refuse(',
    title: 'a CRL that is refused before its end is answered once, and its remaining parts are ignored',
  }),
  'checks/aborted-list': guardsOf('hsm/signer/crl-stream.ts', SIGNER_CORE)('A list that was aborted is not signed.', {
    find: '    abort(id) {\n      streams.delete(id);',
    replace: '    abort(id) {\n      void id;',
    title: 'an aborted CRL is not signed',
  }),
  'checks/numbers-leap': crls('Numbers of lists do not leap.', {
    find: 'if (value > last.number + NUMBER_STEP_MAX)',
    replace: 'if (value < 0n - NUMBER_STEP_MAX)',
    title: 'does not leap so far',
  }),
  'checks/numbers-rise': guardsOf('hsm/signer/crl-stream.ts', SIGNER_CORE)('Numbers of lists rise.', {
    find: 'if (value > last.number) return requireTimeOrder',
    replace: 'if (value >= 0n) return requireTimeOrder',
    title: 'a lower number, or the same with other bytes, is not',
  }),
  'checks/delta-of-one-moment': crls('A delta shares the number only of the full list of its moment.', {
    find: ' && isOfSameTime(other, crl)',
    replace: '',
    title: 'shares the number of the full list of the same time, and of no other time',
  }),
  'checks/delta-once': crls('A delta has one number once.', {
    find: ' && value > (same?.number ?? 0n)',
    replace: '',
    title: 'has each number once, whatever the time of the full list',
  }),
  'checks/profile-hierarchy': check('A profile is of the hierarchy of the token.', {
    find: 'if (profile.hierarchy !== hierarchy)',
    replace: 'if (profile.id === "")',
    title: 'refuses a profile of another hierarchy',
  }),
  'checks/profile-authority': check('A profile is of the authority that issues.', {
    find: 'if (profile.authority !== issuer.authority)',
    replace: 'if (profile.id === "")',
    title: 'refuses a profile of another authority',
  }),
  'checks/linted-again': check('The signer lints each certificate once more.', {
    find: '  if (!checked.ok) return lintRefusal(checked.error);\n  const { serial, spki } = checked.value.tbs;',
    replace:
      '  if (!checked.ok) return ok({ serial: "00", perHourMax: 1_000_000 });\n  const { serial, spki } = checked.value.tbs;',
    title: 'refuses what violates one rule of the lint, and names the rule',
  }),
  'checks/linted-against-today': check('The signer lints a certificate against the day of today.', {
    find: 'environment, now: clock() });',
    replace: 'environment });',
    title: 'refuses a certificate that begins days before now',
  }),
  'checks/future-crl': check('A list of the future is refused.', {
    find: `refuseFuture('crl-not-from-the-future', thisUpdate, clock())`,
    replace: `refuseFuture('crl-not-from-the-future', 0 * thisUpdate, clock())`,
    title: 'refuses a list from the future',
  }),
  'checks/future-ocsp': check('An OCSP response of the future is refused.', {
    find: `refuseFuture('ocsp-not-from-the-future', latest, now)`,
    replace: `refuseFuture('ocsp-not-from-the-future', 0 * latest, now)`,
    title: 'refuses a response that is valid longer than the policy allows, or that is not of now',
  }),
  'checks/past-ocsp': check('An OCSP response of the past is refused.', {
    find: 'if (earliest < now - CEILINGS.backdatingMsMax)',
    replace: 'if (earliest < 0)',
    title: 'refuses a response that is valid longer than the policy allows, or that is not of now',
  }),
  'checks/ocsp-before-certificate': check('An OCSP response is not older than its certificate.', {
    find: 'if (earliest < notBefore)',
    replace: 'if (earliest < 0)',
    title: 'refuses a response that is valid longer than the policy allows, or that is not of now',
  }),
  'checks/policy-of-environment': check('A signer starts only with the policy of its environment.', {
    find: 'if (mark !== configuration.environmentMark)',
    replace: 'if (mark === "")',
    title: 'does not start with the policy of another environment',
  }),
  'checks/authority-of-hierarchy': check('A signer starts only with authorities of its hierarchy.', {
    find: `if (authority.hierarchy !== hierarchy || authority.kind !== 'issuing')`,
    replace: `if (authority.kind !== 'issuing')`,
    title: 'does not start with an authority of another hierarchy',
  }),
  'checks/no-root': check('A signer starts with no root.', {
    find: `if (authority.hierarchy !== hierarchy || authority.kind !== 'issuing')`,
    replace: 'if (authority.hierarchy !== hierarchy)',
    title: 'does not start with a root',
  }),
  'checks/responder-issued': responder('A responder is issued by the authority that it answers for.', {
    find: `if (!isIssuedBy(issuer, read.value)) return unusable('issued-by-its-authority');`,
    replace: '',
    title: 'must be issued and signed by the CA that it answers for',
  }),
  'checks/responder-purpose': responder('A responder is for OCSP and nothing else.', {
    find: `if (!signsOcspOnly(tbs)) return unusable('ocsp-signing-purpose');`,
    replace: '',
    title: 'must have OCSP signing as its only purpose',
  }),
  'checks/responder-nocheck': responder('A responder has ocsp-nocheck.', {
    find: `if (extensionOf(tbs, OID.ocspNoCheck) === null) return unusable('ocsp-nocheck-present');`,
    replace: '',
    title: 'must have ocsp-nocheck',
  }),
  'checks/unknown-certificate': lookUps('A signature of a certificate that the database does not know is reported.', {
    find: 'known.get(nameOf(one.issuer, one.serial, one.sha256)) ?? null',
    replace: 'known.get(nameOf(one.issuer, one.serial, one.sha256)) ?? 0',
    title: 'reveal each signature that is not in the database: another serial, other bytes, another number',
  }),
  'checks/journal-incomplete': lookUps('A certificate that no journal has is reported.', {
    find: 'where certificates > coalesce(entries, 0)',
    replace: 'where certificates > coalesce(entries, 0) + 1',
    title: 'are reported as incomplete, once',
  }),
  'checks/unknown-list': lookUps('A signature of a list that the database does not know is reported.', {
    find: 'known.get(nameOf(one.issuer, one.scope, one.number)) === one.sha256',
    replace: 'known.has(nameOf(one.issuer, one.scope, one.number)) || one.number > 0',
    title: 'reveal each signature that is not in the database: another serial, other bytes, another number',
  }),
  'checks/journal-read-once': ocspAudit('A journal is read on from where it was read last.', {
    find: 'await countAfter(folder, after, mustEnd)',
    replace: 'await countAfter(folder, null, mustEnd)',
    title: 'are read on from the last entry that was counted',
  }),
  'checks/journal-compared-once': journals('Journals are compared on from the last entry.', {
    find: 'const from = positions.value.compared;',
    replace: 'const from = positions.value.compared?.seq === 0 ? positions.value.compared : null;',
    title: 'are compared by the job from the last entry on',
  }),
};
