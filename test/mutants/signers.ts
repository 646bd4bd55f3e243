import { guardsOf, type Mutants } from './mutant.js';

const REMEDIES = 'test/integration/hsm/remedies.test.ts';
const START = 'test/integration/hsm/signer-start.test.ts';
const UNLOCK = 'test/integration/hsm/unlock.test.ts';

const signing = guardsOf('hsm/pkcs11/signing/signing-token.ts', REMEDIES);
const sessions = guardsOf('hsm/pkcs11/signing/session-pool.ts', REMEDIES);
const requests = guardsOf('hsm/supervisor/requests.ts', 'test/unit/hsm/supervisor/requests.test.ts');
const starts = guardsOf('hsm/supervisor/token-child.ts', START);
const batched = guardsOf('hsm/signer/batched-answers.ts', 'test/unit/hsm/signer/batched-answers.test.ts');
const lock = guardsOf('hsm/exclusive-lock.ts', 'test/unit/hsm/exclusive-lock.test.ts');
const officer = guardsOf('hsm/signer/officer.ts', 'test/unit/hsm/signer/officer.test.ts');
const pinSocket = guardsOf('hsm/signer/pin-socket.ts', UNLOCK);
const pinFile = guardsOf('hsm/pkcs11/pin/pin-file.ts', 'test/unit/hsm/pkcs11/pin-file.test.ts');
const child = guardsOf('hsm/signer/child.ts', START);

export const SIGNERS: Mutants = {
  'signers/failed-session-closed': sessions('A session in which a call failed is closed.', {
    find: 'if (!result.ok) evict(session);',
    replace: '',
    title: 'in the same process, and the request gets its signature',
  }),
  'signers/repair-shared': signing('Requests that meet a failure under repair wait for the one repair.', {
    find: 'if (current !== broken) return repairing ?? Promise.resolve(ok(undefined));',
    replace: '',
    title: 'one login repairs a hundred requests that were logged out',
  }),
  'signers/failure-escalates': signing('A request that fails again asks for a dearer remedy.', {
    find: 'REMEDIES_IN_ORDER[Math.max(REMEDIES_IN_ORDER.indexOf(remedy), attempt - 1)]',
    replace: 'REMEDIES_IN_ORDER[REMEDIES_IN_ORDER.indexOf(remedy)]',
    title: 'a repeated failure gets a more expensive remedy each time',
  }),
  'signers/self-check': signing('Keys sign what their certificates verify before they are used.', {
    find: 'for (const key of keys.values()) await selfTestKey(key, pool);',
    replace: '',
    title:
      'a signature that does not verify has its process replaced, and a token that makes only such signatures is down',
  }),
  'signers/refused-pin-remembered': signing('A refused PIN is remembered, also when the token is opened again.', {
    find: `if (failure?.kind === 'pin-refused') plan.refused.remember(pin);`,
    replace: '',
    title: 'a PIN that is refused during a repair is tried once, by this process and the following ones',
  }),
  'signers/idle-sessions': guardsOf('hsm/pkcs11/signing/session-pool.ts', 'test/integration/hsm/session-pool.test.ts')(
    'The failure of an idle session is reported.',
    {
      find: 'if (!lives.ok) return lives;',
      replace: '',
      title: 'report it if the login was lost while they were idle',
    },
  ),
  'signers/answers-not-delayed': batched('A signer with little to do sends each answer at once.', {
    find: 'unanswered < BATCH_LIMITS.unansweredMin || ',
    replace: '',
    title: 'are sent at once while the token is idle',
  }),
  'signers/answers-delay-bounded': batched('Answers wait for others only a few milliseconds.', {
    find: 'else timer ??= setTimeout(flush, BATCH_LIMITS.delayMsMax);',
    replace: '',
    title: 'are sent after a short delay when no other comes, and before the last frame of a process',
  }),
  'signers/lasting-failure-answered': {
    guard: 'A failure that no other process could help is answered.',
    file: 'hsm/signer/signer-core.ts',
    find: 'if (!isLasting(signature.error)) return fault(signature.error);',
    replace: 'if (signature.error) return fault(signature.error);',
    test: REMEDIES,
    title: 'what no process could do is answered',
  },
  'signers/bad-signature-replaced': guardsOf('hsm/supervisor/token-child.ts', REMEDIES)(
    'A signer whose signature did not verify is replaced.',
    {
      find: `kill('a signature of this token did not verify');`,
      replace: 'void 0;',
      title: 'a signature that does not verify has its process replaced',
    },
  ),
  'signers/bad-signature-evidence': guardsOf('hsm/supervisor/token-host.ts', REMEDIES)(
    'A signer is replaced for a signature that it has made and that does not verify, and for no other.',
    {
      find: "if (verdict === 'bad') child.reportBadSignature();",
      replace: "if (verdict !== 'no-certificate') child.reportBadSignature();",
      title: 'a report of a signature that verifies, or that this process has not made, changes nothing',
    },
  ),
  'signers/bad-signature-rate': guardsOf('hsm/supervisor/token-host.ts', REMEDIES)(
    'Reports of bad signatures are examined at a limited rate.',
    {
      find: 'reports.admit() ? signatures.verifyOnce(signature)',
      replace: 'role ? signatures.verifyOnce(signature)',
      title: 'reports above the limit of a minute are refused without being examined',
    },
  ),
  'signers/one-client-a-quarter': requests(
    'Requests for one client are at most a quarter of the requests at the child.',
    {
      find: `priority === 'one-client' ? ONE_CLIENT_DIVISOR : `,
      replace: '',
      title: 'for one client never have more than a quarter of the child, however few others there are',
    },
  ),
  'signers/one-client-own-queue': requests('Requests for one client have a queue of their own.', {
    find: `if (priority === 'one-client') return oneClient >= limits.queuedOneClientMax;`,
    replace: '',
    title: 'for one client fill a queue of their own, and leave room for all others',
  }),
  'signers/queue-bounded': requests('The number of waiting requests is limited.', {
    find: 'return queued() - oneClient >= limits.queuedRequestsMax;',
    replace: 'return false;',
    title: 'for one client fill a queue of their own, and leave room for all others',
  }),
  'signers/dead-child-first': requests('Requests of a dead child go first to the next one, in their order.', {
    find: 'for (const request of again.reverse()) queues[request.priority].unshift(request);',
    replace: 'for (const request of again) queues[request.priority].push(request);',
    title:
      'that a child left unanswered go first to its successor, in their order, and those for one client keep their limit',
  }),
  'signers/three-children': requests('A request that was unanswered in three children is sent to no fourth.', {
    find: 'if (request.attempts < ATTEMPTS_MAX) return true;',
    replace: 'if (request) return true;',
    title: 'that three children did not answer are not sent to a fourth',
  }),
  'signers/child-in-flight': requests('The number of requests at the child is limited.', {
    find: 'while (inFlight.size < limits.inFlightMax) {',
    replace: 'for (;;) {',
    title: 'are limited in number at the child, and dropped when the caller has disconnected',
  }),
  'signers/nobody-waits': requests('Nothing is signed for a caller that has gone.', {
    find: 'if (!request.isWanted()) continue;',
    replace: '',
    title: 'are limited in number at the child, and dropped when the caller has disconnected',
  }),
  'signers/two-deadlines': requests('Requests wait for two deadlines and no longer.', {
    find: 'while (queue[0] && now - queue[0].acceptedAt > waitMsMax) {',
    replace: 'while (queue[0] && waitMsMax < 0) {',
    title: 'that have waited for two time limits are declined, whatever their priority',
  }),
  'signers/hung-child-killed': guardsOf('hsm/supervisor/token-child.ts', 'test/integration/hsm/signers.test.ts')(
    'A child that does not answer is killed.',
    {
      find: `if (state.phase === 'ready' && waitedMs > requestDeadlineMs)`,
      replace: `if (state.phase === 'ready' && waitedMs < 0)`,
      title: 'a child that hangs is killed after the time limit and its successor answers; the others are not affected',
    },
  ),
  'signers/key-attributes': {
    guard: 'A key has the attributes of a signing key.',
    file: 'hsm/pkcs11/keys/keys.ts',
    find: 'requireAttributes(label, key);',
    replace: '',
    test: 'test/integration/hsm/tokens.test.ts',
    title: 'a key that was imported is refused',
  },
  'signers/one-key-of-a-label': {
    guard: 'A label names one key.',
    file: 'hsm/pkcs11/keys/keys.ts',
    find: `if (others.length > 0) throw new TokenError({ kind: 'key-ambiguous', label, count: 1 + others.length });`,
    replace: '',
    test: 'test/integration/hsm/tokens.test.ts',
    title: 'has no key for a label that two keys have, because it is ambiguous',
  },
  'signers/label-taken': {
    guard: 'No key pair is made under a label that exists.',
    file: 'hsm/pkcs11/keys/keys.ts',
    find: `if (isLabelTaken(session, label)) throw new TokenError({ kind: 'key-exists', label });`,
    replace: '',
    test: 'test/integration/hsm/tokens.test.ts',
    title: 'labels are unique',
  },
  'signers/key-of-certificate': guardsOf('hsm/pkcs11/signing/signing-token.ts', START)(
    'A key is that of its certificate.',
    {
      find: 'if (publicKey !== null && !equalBytes(publicKey, key.publicKey))',
      replace: 'if (publicKey !== null && publicKey.length === 0)',
      title: 'refuses a key that does not match its certificate',
    },
  ),
  'signers/key-of-type': guardsOf('hsm/pkcs11/signing/signing-token.ts', START)('A key is of its expected type.', {
    find: 'if (key.keyType !== keyType) throw',
    replace: 'if (label === "") throw',
    title: 'refuses a key of another type',
  }),
  'signers/certified-key-types': {
    guard: 'A key of a type that certificates here are not signed with signs nothing.',
    file: 'hsm/pkcs11/keys/keys.ts',
    find: 'if (isKeyType(keyType)) return { ...key, keyType };',
    replace: 'return { ...key, keyType } as TokenKey;',
    test: 'test/integration/hsm/mechanisms.test.ts',
    title: 'a key of a type that signs no certificates is not used by a signer',
  },
  'signers/refused-pin-next-process': child('A refused PIN is not tried by the next process.', {
    find: 'if (!refused.wasRefused(pin)) return pin;',
    replace: 'if (pin !== "") return pin;',
    title: 'tries a refused PIN once',
  }),
  'signers/token-locked-by-one': child('A child opens no token that another process has open.', {
    find: `  if (!lock.ok) {
    const { owner, waitedMs } = lock.error;`,
    replace: `  if (!lock.ok && configuration.environmentMark === '') {
    const { owner, waitedMs } = lock.error;`,
    title: 'does not open a token that another process has locked, and does when it is released',
  }),
  'signers/one-supervisor': {
    guard: 'No two supervisors have one token.',
    file: 'hsm/supervisor/supervisor.ts',
    find: `    if (!lock.ok) {
      release();
      return lock;
    }
    locks.push(lock.value);`,
    replace: '    if (lock.ok) locks.push(lock.value);',
    test: UNLOCK,
    title: 'a second supervisor of that token is refused',
  },
  'signers/commands-lock-token': {
    guard: 'A command opens no token that a signer has.',
    file: 'hsm/inspect/inspection.ts',
    find: `if (!lock.ok) return err({ kind: 'locked-by-another', token: token.name, owner: lock.error.owner });`,
    replace: '',
    test: 'test/integration/hsm/commands.test.ts',
    title: 'list and info ask through the signer that has the token',
  },
  'signers/commands-refused-pin': {
    guard: 'Commands try a refused PIN once.',
    file: 'hsm/inspect/inspection.ts',
    find: `if (refused.wasRefused(pin.value)) return notUsable('the token has refused this PIN');`,
    replace: '',
    test: 'test/integration/hsm/commands.test.ts',
    title: 'a refused PIN is tried once',
  },
  'signers/child-environment': {
    guard: 'A child is given nothing of the environment of the service.',
    file: 'hsm/supervisor/child-process.ts',
    find: '    ...token.moduleEnvironment,\n    PATH: process.env.PATH,',
    replace: '    ...process.env,\n    ...token.moduleEnvironment,',
    test: 'test/integration/hsm/signers.test.ts',
    title: 'a child gets no more of the environment than it needs',
  },
  'signers/lock-number-unique': lock('No number of a lock is used again.', {
    find: 'Math.max(lastOwner(folder).number, ...before) + 1',
    replace: 'Math.max(0, ...before) + 1',
    title: 'has a new number each time, so that a late release removes no other lock',
  }),
  'signers/lock-second-look': lock('A process that takes a lock looks once more for others.', {
    find: 'if (number > mine || (await hasListener(pathOf(folder, number)))) {',
    replace: 'if (number < 0) {',
    title: 'is released when another process listens or was faster between the first check and the second',
  }),
  'signers/socket-folder': {
    guard: 'The folder of a socket lets in its own user alone.',
    file: 'hsm/wire/socket-folder.ts',
    find: 'return (mode & 0o077) === 0 ? null',
    replace: 'return mode >= 0 ? null',
    test: 'test/unit/hsm/wire/socket-folder.test.ts',
    title: 'is refused when anybody else may enter or list it',
  },
  'signers/pin-file-owner': pinFile('A PIN file is its owner’s alone.', {
    find: 'if ((stat.mode & exposedBits) !== 0) return',
    replace: 'if (stat.mode < 0) return',
    title: 'is refused with mode',
  }),
  'signers/pin-file-plain': pinFile('A PIN file is a short regular file, and no link.', {
    find: 'constants.O_RDONLY | constants.O_NOFOLLOW',
    replace: 'constants.O_RDONLY',
    title: 'is refused when it is a link',
  }),
  'signers/pin-credential-acl': {
    guard: 'A credential may be readable by an ACL only where it belongs to root.',
    file: 'hsm/pkcs11/pin/pin-file.ts',
    find: 'isRoots && stat.gid === 0 ? EXPOSED_BITS',
    replace: 'stat.uid >= 0 ? 0 & EXPOSED_BITS',
    test: 'test/unit/hsm/pkcs11/pin-source.test.ts',
    title: 'is refused when others may read it or its folder, with the reason',
  },
  'signers/locked-token-not-asked': officer('A token that has locked its PIN is not asked.', {
    find: `if (tries === 'none')`,
    replace: `if (tries === 'none' && plan.token === '')`,
    title: 'gets no PIN when it has locked its PIN: a correct one would be remembered as refused',
  }),
  'signers/pin-overwritten': officer('A refused PIN is overwritten.', {
    find: 'pin.fill(0);',
    replace: '',
    title: 'overwrites a PIN that the token has refused',
  }),
  'signers/typed-pin-overwritten': guardsOf('hsm/signer/pin-socket.ts', 'test/unit/hsm/signer/officer.test.ts')(
    'A typed PIN is overwritten once it was tried.',
    { find: '      pin.fill(0);', replace: '', title: 'overwrites the PIN when it was tried, whatever the outcome' },
  ),
  'signers/pause-after-refusal': pinSocket('After a refused PIN there is a pause.', {
    find: 'if (retryAfterMs > 0) return',
    replace: 'if (retryAfterMs === -Infinity) return',
    title: 'never sends a refused PIN twice',
  }),
  'signers/one-officer': pinSocket('One officer at a time types a PIN.', {
    find: `if (busy) return answer(socket, { outcome: { outcome: 'busy' } });`,
    replace: '',
    title: 'has one client at a time',
  }),
  'signers/no-pin': {
    guard: 'Octets that are no PIN are not sent to the token.',
    file: 'hsm/wire/pin-frames.ts',
    find: `if (pin.some((byte) => byte < 0x20 || byte === 0x7f)) return 'it contains a control character';`,
    replace: '',
    test: 'test/unit/hsm/pkcs11/pin-source.test.ts',
    title: 'has 1 to 255 bytes of UTF-8 without control characters',
  },
  'signers/slow-start-replaced': starts('A child that takes too long to start is replaced.', {
    find: `if (state.phase === 'starting' && now() - state.since > startDeadlineMs)`,
    replace: `if (state.phase === 'starting' && startDeadlineMs < 0)`,
    title: 'is replaced when it takes too long',
  }),
  'signers/reason-is-down': starts('A child that says why it cannot start makes the token down at once.', {
    find: '(readyAt === null && reason !== null) || ',
    replace: '',
    title: 'answers unavailable at once and says why it is down',
  }),
  'signers/half-read-list': guardsOf('hsm/supervisor/token-host.ts', 'test/integration/hsm/signers.test.ts')(
    'A list that a child had half read is answered when the child dies.',
    {
      find: 'for (const stream of streams.values()) stream.answer(Buffer.from(answer));',
      replace: 'void answer;',
      title: 'a CRL that a child had read in part is answered unavailable when the child ends',
    },
  ),
  'signers/list-lint': {
    guard: 'A list is whole for the signer once its lint has passed.',
    file: 'hsm/client/crl-sender.ts',
    find: 'if (!passed.ok) return passed;',
    replace: 'if (!passed.ok) {\n      stream.end();\n      return signatureFromReply(await stream.reply);\n    }',
    test: 'test/unit/hsm/client/crl-sender.test.ts',
    title: 'is aborted when its lint has failed',
  },
  'signers/silent-starts': starts('Three starts that end without a reason make the token down.', {
    find: 'history.startsFailed = readyAt === null ? history.startsFailed + 1 : 0;',
    replace: 'history.startsFailed = 0;',
    title: 'is down after three that ended without a reason, and tried again',
  }),
  'signers/locked-declines': guardsOf('hsm/supervisor/token-child.ts', UNLOCK)(
    'Requests that wait for a token are answered as soon as it waits for a PIN.',
    {
      find: 'if (declined) events.onUnavailable(declined.retryAfterMs, declined.detail);',
      replace: '',
      title: 'waits longer than a start may take',
    },
  ),
  'signers/lost-token-ends': signing('The process of a token that stays away ends without a request.', {
    find: 'if (!repaired.ok) plan.onLost(repaired.error);',
    replace: '',
    title: 'a token that stays away ends its process without any request',
  }),
  'signers/child-ends': child('A child ends with its supervisor, stuck or not.', {
    find: `socket.on('end', die);`,
    replace: `socket.on('end', () => undefined);`,
    title: 'ends with its supervisor',
  }),
  'signers/child-frames': {
    guard: 'A child that sends what is no frame is killed.',
    file: 'hsm/supervisor/child-process.ts',
    find: `if (!frames.ok) child.kill('SIGKILL');`,
    replace: 'if (!frames.ok) return;',
    test: 'test/unit/hsm/supervisor/child-process.test.ts',
    title: 'is killed when it sends something that is no frame',
  },
  'signers/bench-keys': {
    guard: 'The measuring process signs only with a key that is thrown away.',
    file: 'hsm/bench/raw-rate.ts',
    find: `assert(label.startsWith('pfcng-bench-'), 'only throw-away keys are measured');`,
    replace: '',
    test: 'test/unit/hsm/raw-rate.test.ts',
    title: 'signs only with a bench key',
  },
  'signers/caller-frames': {
    guard: 'A caller that sends what is no frame is disconnected.',
    file: 'hsm/supervisor/socket-server.ts',
    find: 'if (!frames.ok) socket.destroy();',
    replace: 'if (!frames.ok) return;',
    test: 'test/integration/hsm/signers.test.ts',
    title: 'hostile bytes close their own connection and nothing else',
  },
  'signers/refused-number': {
    guard: 'The number of a refusal counts only where it is a number.',
    file: 'hsm/client/replies.ts',
    find: '/^\\d{1,15}$/.test(String(lastNumber)) ?',
    replace: 'lastNumber !== null ?',
    test: 'test/unit/hsm/client/replies.test.ts',
    title: 'that refuses a CRL number has the last number only if it is a number',
  },
  'signers/unanswering-supervisor': {
    guard: 'The status of a supervisor that does not answer comes within a second.',
    file: 'hsm/client/client.ts',
    find: 'timer = setTimeout(resolve, STATUS_MS_MAX, null);',
    replace: 'timer = setTimeout(resolve, 60_000, null);',
    test: 'test/unit/hsm/client/connection.test.ts',
    title: 'fails within a second when a supervisor does not answer a status request',
  },
};
