import { guardsOf, type Mutants } from './mutant.js';

const SIGNER_CORE = 'test/unit/hsm/signer/signer-core.test.ts';
const caps = guardsOf('hsm/signer/rate-caps.ts', 'test/unit/hsm/signer/rate-caps.test.ts');
const steady = guardsOf('hsm/signer/steady-time.ts', 'test/unit/hsm/signer/rate-caps.test.ts');
const journal = guardsOf('hsm/signer/journal.ts', 'test/unit/hsm/signer/journal.test.ts');
const recovery = guardsOf('hsm/signer/recover-journal.ts', 'test/unit/hsm/signer/journal.test.ts');
const segments = guardsOf('hsm/signer/journal-segments.ts', 'test/unit/hsm/signer/journal-segments.test.ts');
const writer = guardsOf('hsm/signer/journal-writer.ts', SIGNER_CORE);
const core = guardsOf('hsm/signer/signer-core.ts', SIGNER_CORE);
const gate = guardsOf('hsm/log-rate-limiter.ts', 'test/unit/hsm/log-rate-limiter.test.ts');
const notices = guardsOf('hsm/supervisor/supervisor-notices.ts', 'test/unit/hsm/log-rate-limiter.test.ts');
const server = guardsOf('hsm/supervisor/socket-server.ts', 'test/unit/hsm/supervisor/socket-server.test.ts');
const frames = guardsOf('hsm/wire/frames.ts', 'test/unit/hsm/wire/frames.test.ts');

export const SIGNER_LIMITS: Mutants = {
  'limits/cap': caps('A profile has a cap of certificates in an hour.', {
    find: '      if (counted < perHourMax) {\n        const minute',
    replace: '      if (counted >= 0) {\n        const minute',
    title: 'has more than the cap',
  }),
  'limits/oldest-minute': caps('The oldest minute of an hour counts as a whole.', {
    find: 'if (minute < oldest) minutes.delete(minute);',
    replace: 'if (minute <= oldest) minutes.delete(minute);',
    title: 'has more than the cap',
  }),
  'limits/tally-ends-recount': caps('A tally ends the recount at a start.', {
    find: 'add(counted, minute, n);\n      return false;',
    replace: 'add(counted, minute, n);\n      return true;',
    title: 'a restart at any moment changes no decision',
  }),
  'limits/tally-counted': caps('A tally is counted at a start.', {
    find: 'for (const [counted, minutes] of countsOf(tally)) for (const [minute, n] of minutes) add(counted, minute, n);',
    replace: '',
    title: 'a restart at any moment changes no decision',
  }),
  'limits/tally-journaled': writer('A tally is journaled each minute.', {
    find: 'if (tally !== null) void append(',
    replace: 'if (tally !== null) void (',
    title: 'a tally in each minute saves a start from reading the hour',
  }),
  'limits/time-goes-on': steady('The time of a signer goes on from its last journal entry.', {
    find: 'Math.max(world.clock(), world.notBefore)',
    replace: 'world.clock()',
    title: 'a caller that waits for the given time gets a certificate',
  }),
  'limits/clock-set': steady('The time of a signer follows no clock that is set.', {
    find: 'return () => base + (world.monotonic() - startedAt);',
    replace: 'return () => Math.max(base, world.clock() + 0 * startedAt);',
    title: 'a clock that is set forward while the signer runs allows no certificate',
  }),
  'limits/steady-time-journaled': recovery('The journal keeps the steady time.', {
    find: 'parseInstant(entry.steadyAt ?? entry.at)',
    replace: 'parseInstant(entry.at)',
    title: 'counts the certificates of the last hour from its end back to a tally, by the steady time',
  }),
  'limits/one-alarm': writer('There is one alarm a minute and profile.', {
    find: 'if (alarmedIn.get(profile) !== minuteOf(now)) {',
    replace: 'if (alarmedIn.size >= 0) {',
    title: 'with one alarm',
  }),
  'limits/capped-profile-alone': {
    guard: 'A capped profile is away alone, and keeps no other waiting.',
    file: 'hsm/client/recent-absences.ts',
    find: "profile = ''): string {",
    replace: "_profile: string | undefined = '', profile = ''): string {",
    test: 'test/unit/hsm/client/recent-absences.test.ts',
    title: 'is unavailable for one profile that has reached its cap, for a minute, with the remaining time',
  },
  'limits/recovery-passes-over': {
    guard: 'Recovery asks no second time for a capped profile, nor a signer that is away.',
    file: 'src/operations/issuance/recover.ts',
    find: 'unavailable.add(reason.profile ?? record.issuer);',
    replace: '',
    test: 'test/unit/attack/recover.test.ts',
    title: 'does not retry a profile at its rate limit',
  },
  'limits/refusal-journaled-first': core('A refusal is journaled before it is answered.', {
    find: `    void journalWriter.refusal({ ...cause, rule }).then((recorded) => {
      if (recorded) answer();
    });`,
    replace: `    answer();
    void journalWriter.refusal({ ...cause, rule });`,
    title: 'has rule, digest, issuer and kind of request on disk before the answer',
  }),
  'limits/ids-only': writer('The issuer of a refused frame is journaled only where it looks like an id of ours.', {
    find: 'issuer: ISSUER_ID_PATTERN.test(issuer) ? issuer : null,',
    replace: 'issuer,',
    title: 'has no text of a frame but ids: an issuer of another form is left out',
  }),
  'limits/journal-flood': writer('A flood of refusals is journaled within a limit.', {
    find: 'if (!gate.admit()) return true;',
    replace: '',
    title: 'has a limited number a minute in a flood, and each request is answered',
  }),
  'limits/log-flood': notices('A flood of refusals is logged within a limit.', {
    find: 'if (!gate.admit()) return false;',
    replace: 'gate.admit();',
    title: 'count every refusal by rule, and log a limited number',
  }),
  'limits/refusals-pass-supervisor': guardsOf('hsm/supervisor/token-host.ts', 'test/integration/hsm/refusals.test.ts')(
    'The supervisor counts the refusals of a signer.',
    {
      find: `if (frame.type === 'refused') notices.refused({ rule: ruleOf(frame), role: null });`,
      replace: '',
      title: 'each refusal by signer or supervisor is logged, counted and journaled, and no caller can prevent it',
    },
  ),
  'limits/bad-signature-flood': notices('Reports of bad signatures by callers are logged within a limit.', {
    find: 'if (badSignatures.admit()) fault(reported, pid);',
    replace: 'if (badSignatures) fault(reported, pid);',
    title: 'count every bad signature that callers report, and log a limited number',
  }),
  'limits/unread-answers': server('Nothing more is read from a caller that does not take its answers.', {
    find: 'const isFull = (): boolean => socket.writableLength > UNREAD_BYTES_MAX;',
    replace: 'const isFull = (): boolean => UNREAD_BYTES_MAX < 0;',
    title: 'reads no more of a caller that does not read its answers, and sends them all, in order, when it does',
  }),
  'limits/supervisor-refusals': guardsOf('hsm/supervisor/socket-server.ts', 'test/integration/hsm/refusals.test.ts')(
    'What the supervisor refuses is counted and journaled.',
    {
      find: 'host.refused({ rule, role });',
      replace: '',
      title: 'each refusal by signer or supervisor is logged, counted and journaled, and no caller can prevent it',
    },
  ),
  'limits/only-worker': {
    guard: 'Only the worker asks for certificates of responders.',
    file: 'hsm/wire/permissions.ts',
    find: `api: ['certificate', 'platform'],`,
    replace: `api: ['certificate', 'platform', 'responder-certificate'],`,
    test: 'test/integration/hsm/signers.test.ts',
    title: 'each role gets what its table allows and nothing else',
  },
  'limits/cap-ceiling': {
    guard: 'The caps of a production policy have a ceiling.',
    file: 'src/policy/checks/marks.ts',
    find: '.filter(({ body }) => (body.certificatesPerHourMax ?? 0) > most)',
    replace: '.filter(({ body }) => (body.certificatesPerHourMax ?? 0) < 0 * most)',
    test: 'test/unit/policy/production.test.ts',
    title: 'as many certificates an hour as the benches of development sign',
  },
  'limits/gate-window': gate('A log rate limiter lets a number of lines through in a window.', {
    find: 'if (admitted < linesMax) {',
    replace: 'if (admitted >= 0) {',
    title: 'admits a number of lines in a window, reports the number of the others, and starts again',
  }),
  'limits/gate-length': gate('The window of a log rate limiter is as long as it says.', {
    find: '      isOpen = true;',
    replace: '',
    title: 'has its full length, whatever came in the window before',
  }),
  'limits/gate-rest': gate('A log rate limiter reports what it did not let through, where there was something.', {
    find: 'if (rest > 0) onRest(rest);',
    replace: 'onRest(rest);',
    title: 'admits a number of lines in a window, reports the number of the others, and starts again',
  }),
  'limits/names-bounded': notices('Names and texts of a child are kept within limits.', {
    find: 'const counted = isKnown ? name : other;',
    replace: 'const counted = isKnown ? name : name;',
    title: 'do not grow with the number or length of names that a child invents',
  }),
  'limits/journaled-or-nothing': core('Nothing is signed that is not journaled.', {
    find: 'if (!(await journalWriter.signature(event))) return;',
    replace: 'await journalWriter.signature(event);',
    title: 'a journal that cannot be written',
  }),
  'limits/journal-failed': journal('After a failed write the journal takes nothing more.', {
    find: 'if (failure !== null) return Promise.resolve(err(failure));',
    replace: '',
    title: 'after a failed write nothing more is written, because the content of the disk is unknown',
  }),
  'limits/journal-id': guardsOf('hsm/journal/read-journal.ts', 'test/unit/hsm/signer/journal-segments.test.ts')(
    'A segment whose first entry is incomplete does not hide the id of its journal.',
    {
      find: 'if (line === null) break;',
      replace: 'if (line === null) return null;',
      title: 'a journal keeps its id for readers while the first entry of a segment is being written',
    },
  ),
  'limits/journal-chain': guardsOf('hsm/journal/read-journal.ts', 'test/unit/hsm/signer/journal.test.ts')(
    'The journal is a chain.',
    {
      find: ' : previous !== null && !follows(entry, previous))',
      replace:
        ' : previous !== null && !follows({ ...entry, seq: previous.seq + 1, prev: previous.sha256 }, previous))',
      title: 'a changed, removed or exchanged line',
    },
  ),
  'limits/journal-number': segments('The journal of an OCSP signer has a limited number of segments.', {
    find: 'if (!isOld && current - number < segmentsMax) return;',
    replace: 'if (!isOld) return;',
    title: 'has a limited number of segments',
  }),
  'limits/journal-age': segments('The journal of an OCSP signer has a limited age.', {
    find: 'if (!isOld && current - number < segmentsMax) return;',
    replace: 'if (current - number < segmentsMax) return;',
    title: 'loses segments without a new entry',
  }),
  'limits/segment-has-last-lists': guardsOf('hsm/signer/journal.ts', 'test/unit/hsm/signer/journal-segments.test.ts')(
    'A start reads the last segment of a journal only, however long the journal is.',
    {
      find: "if (segmentBytes === 0 && segment > 1 && text === '')",
      replace: "if (segmentBytes === 0 && segment > 1 && text !== '')",
      title: 'a start needs the last segment only',
    },
  ),
  'limits/journal-form': {
    guard: 'A line of the journal has a known form.',
    file: 'hsm/journal/journal-entry.ts',
    find: 'return isEntry(value) ? value : null;',
    replace: 'return isEntry(value) || isObject(value) ? (value as JournalEntry) : null;',
    test: 'test/unit/hsm/signer/journal.test.ts',
    title: 'a line that continues the chain without being a valid entry is found at opening and at reading',
  },
  'limits/journal-written-through': guardsOf('hsm/signer/journal-segments.ts', 'test/fault/durability.test.ts')(
    'The journal is written through to the disk with each write.',
    { find: ' | constants.O_DSYNC', replace: '', title: 'is written through to the disk with each write' },
  ),
  'limits/token-kind': core('A token signs only what its kind signs.', {
    find: 'if (!allowed.ok) return refuseThis(allowed.error);',
    replace: '',
    title: 'token refuses',
  }),
  'limits/whole-sequence': core('Bytes to be signed are one SEQUENCE.', {
    find: 'if (!isOneDerSequence(tbs))',
    replace: 'if (tbs.length === 0)',
    title: 'instead of to-be-signed bytes',
  }),
  'limits/certificate-length': core('Bytes to be signed have a maximal length.', {
    find: 'if (tbs.length > bytesMax) return',
    replace: 'if (bytesMax < 0) return',
    title: 'refuses what is longer than any certificate',
  }),
  'limits/meta-is-object': frames('The meta of a frame is a JSON object.', {
    find: `if (typeof value === 'object' && value !== null && !Array.isArray(value)) return`,
    replace: `if (typeof value === 'object') return`,
    title: 'a meta ',
  }),
  'limits/frame-length': frames('A frame that is received has a maximal length.', {
    find: 'if (length > lengthMax) failure =',
    replace: 'if (lengthMax < 0) failure =',
    title: 'a length over the limit is refused before anything is kept',
  }),
  'limits/frame-sent': frames('A frame that is sent has a maximal length.', {
    find: 'assert(length <= LIMITS.signerFrameBytesMax && metaBytes.length <= 0xffff,',
    replace: 'assert(length > 0,',
    title: 'a frame one byte over the limit is not sent, nor a meta that is too long for its length field',
  }),
  'limits/connections': server('The number of connections to a socket is limited.', {
    find: 'server.maxConnections = CONNECTIONS_MAX;',
    replace: 'server.maxConnections = 100 * CONNECTIONS_MAX;',
    title: 'has one of sixteen connections, for its own user only',
  }),
  'limits/unanswered': server('The number of unanswered requests of a connection is limited.', {
    find: '} else if (unanswered >= UNANSWERED_MAX) {',
    replace: '} else if (UNANSWERED_MAX < 0) {',
    title: 'has at most two thousand unanswered requests, and gets an answer for more',
  }),
  'limits/caller-lists': server('The number of lists of a connection is limited.', {
    find: 'crls.has(frame.id) || crls.size >= CRL_STREAMS_MAX',
    replace: 'crls.has(frame.id)',
    title: 'has at most four open lists, each opened once',
  }),
  'limits/role': guardsOf('hsm/supervisor/socket-server.ts', 'test/integration/hsm/signers.test.ts')(
    'A caller asks only what its role may ask.',
    {
      find: '} else if (!roleMayRequest(role, kind)) {',
      replace: '} else if (!roleMayRequest(role, kind) && frame.id < 0) {',
      title: 'each role gets what its table allows and nothing else',
    },
  ),
  'limits/client-in-flight': {
    guard: 'The number of unanswered requests of a client is limited.',
    file: 'hsm/client/connection.ts',
    find: 'if (pending.size >= inFlightMax) return',
    replace: 'if (inFlightMax < 0) return',
    test: 'test/unit/hsm/client/connection.test.ts',
    title: 'connects once in a pause to a signer that disconnects, however many requests wait',
  },
  'signers/aborted-list': {
    guard: 'A list that was aborted before there was a connection is not begun.',
    file: 'hsm/client/crl-request.ts',
    find: `else if (!answered) write('crl-begin', { meta });`,
    replace: `else write('crl-begin', { meta });`,
    test: 'test/unit/hsm/client/connection.test.ts',
    title: 'begins no list that was aborted before there was a connection',
  },
  'signers/whole-copies': {
    guard: 'A copy of a token that could not be written completely replaces none.',
    file: 'hsm/pkcs11/softhsm/softhsm-repair.ts',
    find: 'writeFileSync(descriptor, content);',
    replace: 'writeFileSync(descriptor, content.subarray(0, 512));',
    test: 'test/unit/hsm/pkcs11/softhsm-repair.test.ts',
    title: 'a file that cannot be written completely, as on a full disk, replaces neither the copy nor the token',
  },
};
