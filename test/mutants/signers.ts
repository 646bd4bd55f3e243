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
    title: 'in the same process, and the request has its signature',
  }),
  'signers/repair-shared': signing('Requests that meet a failure under repair wait for the one repair.', {
    find: 'if (current !== broken) return repairing ?? Promise.resolve(ok(undefined));',
    replace: '',
    title: 'one login serves a hundred requests',
  }),
  'signers/failure-escalates': signing('A request that fails again asks for a dearer remedy.', {
    find: 'LADDER[Math.max(LADDER.indexOf(remedy), attempt - 1)]',
    replace: 'LADDER[LADDER.indexOf(remedy)]',
    title: 'a failure that comes again asks for more each time',
  }),
  'signers/self-check': signing('Keys sign what their certificates verify before they are used.', {
    find: 'for (const key of keys.values()) await selfCheck(key, pool);',
    replace: '',
    title: 'a token that only makes such is down',
  }),
  'signers/refused-pin-remembered': signing('A refused PIN is remembered, also when the token is opened again.', {
    find: `if (failure?.kind === 'pin-refused') plan.refused.remember(pin);`,
    replace: '',
    title: 'a PIN that is refused on the way back is tried once',
  }),
  'signers/idle-sessions': sessions('Every idle session is asked whether it lives.', {
    find: 'if (!lives.ok) return lives;',
    replace: '',
    title: 'idle sessions are asked whether they live',
  }),
  'signers/answers-not-delayed': batched('A signer with little to do sends each answer at once.', {
    find: 'unanswered < BATCH_LIMITS.unansweredMin || ',
    replace: '',
    title: 'wait for nothing while the token has little to do',
  }),
  'signers/answers-delay-bounded': batched('Answers wait for others only a few milliseconds.', {
    find: 'else timer ??= setTimeout(flush, BATCH_LIMITS.delayMsMax);',
    replace: '',
    title: 'go after a while when no other comes',
  }),
  'signers/lasting-failure-answered': {
    guard: 'A failure that no other process could help is answered.',
    file: 'hsm/signer/signer-core.ts',
    find: 'if (!isLasting(signature.error)) return fault(signature.error);',
    replace: 'if (signature.error) return fault(signature.error);',
    test: REMEDIES,
    title: 'what no process could do is answered',
  },
  'signers/doubted-replaced': guardsOf('hsm/supervisor/token-child.ts', REMEDIES)(
    'A signer whose signature did not verify is replaced.',
    {
      find: `kill('a signature of this token did not verify');`,
      replace: 'void 0;',
      title: 'a signature that does not verify has its process replaced',
    },
  ),
  'signers/strangers-a-quarter': requests('Strangers have at most a quarter of the requests at the child.', {
    find: `if (priority === 'anonymous' && anonymousInFlight * ANONYMOUS_SHARE >= limits.inFlightMax) return undefined;`,
    replace: '',
    title: 'of strangers never have more than a quarter',
  }),
  'signers/strangers-own-queue': requests('Strangers have a queue of their own.', {
    find: `if (priority === 'anonymous') return anonymous >= limits.queuedAnonymousMax;`,
    replace: '',
    title: 'of strangers fill a queue of their own',
  }),
  'signers/queue-bounded': requests('The number of waiting requests is limited.', {
    find: 'return queued() - anonymous >= limits.queuedRequestsMax;',
    replace: 'return false;',
    title: 'of strangers fill a queue of their own',
  }),
  'signers/dead-child-first': requests('Requests of a dead child go first to the next one, in their order.', {
    find: 'for (const request of again.reverse()) queues[request.priority].unshift(request);',
    replace: 'for (const request of again) queues[request.priority].push(request);',
    title: 'that a child left behind come first',
  }),
  'signers/three-children': requests('A request of which three children have died is put to no fourth.', {
    find: 'if (request.attempts < ATTEMPTS_MAX) return true;',
    replace: 'if (request) return true;',
    title: 'that three children have died of are not put to a fourth',
  }),
  'signers/child-in-flight': requests('The number of requests at the child is limited.', {
    find: 'while (inFlight.size < limits.inFlightMax) {',
    replace: 'for (;;) {',
    title: 'are at the child so many at a time',
  }),
  'signers/nobody-waits': requests('Nothing is signed for a caller that has gone.', {
    find: 'if (!request.isWanted()) continue;',
    replace: '',
    title: 'are not of who has gone',
  }),
  'signers/two-deadlines': requests('Requests wait for two deadlines and no longer.', {
    find: 'while (queue[0] && now - queue[0].acceptedAt > waitMsMax) {',
    replace: 'while (queue[0] && waitMsMax < 0) {',
    title: 'that have waited two deadlines are declined',
  }),
  'signers/hung-child-killed': guardsOf('hsm/supervisor/token-child.ts', 'test/integration/hsm/signers.test.ts')(
    'A child that does not answer is killed.',
    {
      find: `if (state.phase === 'ready' && waitedMs > requestDeadlineMs)`,
      replace: `if (state.phase === 'ready' && waitedMs < 0)`,
      title: 'a hung child is killed after the deadline and its successor answers',
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
    find: `if (others.length > 0) throw new TokenFailed({ kind: 'key-ambiguous', label, count: 1 + others.length });`,
    replace: '',
    test: 'test/integration/hsm/tokens.test.ts',
    title: 'has no key of a label that there are two of',
  },
  'signers/label-taken': {
    guard: 'No key pair is made under a label that exists.',
    file: 'hsm/pkcs11/keys/keys.ts',
    find: `if (isLabelTaken(session, label)) throw new TokenFailed({ kind: 'key-exists', label });`,
    replace: '',
    test: 'test/integration/hsm/tokens.test.ts',
    title: 'labels are unique',
  },
  'signers/key-of-certificate': guardsOf('hsm/pkcs11/signing/signing-token.ts', START)(
    'A key is that of its certificate.',
    {
      find: 'if (publicKey !== null && !equalBytes(publicKey, key.publicKey))',
      replace: 'if (publicKey !== null && publicKey.length === 0)',
      title: 'refuses a key that is not the key of its certificate',
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
    title: 'is not given to a signer',
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
    title: 'does not open a token that somebody else has open',
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
    title: 'is given no more of an environment',
  },
  'signers/lock-number-unique': lock('No number of a lock is used again.', {
    find: 'Math.max(lastOwner(folder).number, ...before) + 1',
    replace: 'Math.max(0, ...before) + 1',
    title: 'has a number that none before it had',
  }),
  'signers/lock-second-look': lock('A process that takes a lock looks once more for others.', {
    find: 'if (number > mine || (await accepts(pathOf(folder, number)))) {',
    replace: 'if (number < 0) {',
    title: 'thought dead, or was quicker',
  }),
  'signers/socket-folder': {
    guard: 'The folder of a socket lets in its own user alone.',
    file: 'hsm/wire/socket-folder.ts',
    find: 'return (mode & 0o077) === 0 ? ok(undefined)',
    replace: 'return mode >= 0 ? ok(undefined)',
    test: 'test/unit/hsm/wire/socket-folder.test.ts',
    title: 'is refused where anybody else may enter',
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
    title: 'is refused where others may read it',
  },
  'signers/locked-token-not-asked': officer('A token that has locked its PIN is not asked.', {
    find: `if (tries === 'none')`,
    replace: `if (tries === 'none' && plan.token === '')`,
    title: 'is not asked when it has locked its PIN',
  }),
  'signers/pin-overwritten': officer('A refused PIN is overwritten.', {
    find: 'pin.fill(0);',
    replace: '',
    title: 'forgets a PIN that the token has refused',
  }),
  'signers/typed-pin-overwritten': guardsOf('hsm/signer/pin-socket.ts', 'test/unit/hsm/signer/officer.test.ts')(
    'A typed PIN is overwritten once it was tried.',
    { find: '      pin.fill(0);', replace: '', title: 'overwrites the PIN when it has been tried' },
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
    title: 'has 1 to 255 octets',
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
      title: 'a CRL that a child had half read',
    },
  ),
  'signers/list-lint': {
    guard: 'A list is whole for the signer once its lint has passed.',
    file: 'hsm/client/crl-sender.ts',
    find: 'if (!passed.ok) return passed;',
    replace: 'if (!passed.ok) {\n      stream.end();\n      return signatureOf(await stream.reply);\n    }',
    test: 'test/unit/hsm/client/crl-sender.test.ts',
    title: 'is given up where its lint has not',
  },
  'signers/silent-starts': starts('Three starts that end without a reason make the token down.', {
    find: 'history.startsFailed = readyAt === null ? history.startsFailed + 1 : 0;',
    replace: 'history.startsFailed = 0;',
    title: 'is down after three that ended without a word',
  }),
  'signers/locked-declines': guardsOf('hsm/supervisor/token-child.ts', UNLOCK)(
    'Requests that wait for a token are answered as soon as it waits for a PIN.',
    {
      find: 'if (declined) events.onUnavailable(declined.retryAfterMs, declined.detail);',
      replace: '',
      title: 'waits longer than a start may take',
    },
  ),
  'signers/lost-token-let-go': signing('A token that stays away is let go although nobody asks.', {
    find: 'if (!repaired.ok) plan.onLost(repaired.error);',
    replace: '',
    title: 'a token that stays away is given up by its process',
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
    title: 'is killed when it says what is no frame',
  },
  'signers/bench-keys': {
    guard: 'The measuring process signs only with a key that is thrown away.',
    file: 'hsm/bench/raw-rate.ts',
    find: `assert(label.startsWith('pfcng-bench-'), 'only throw-away keys are measured');`,
    replace: '',
    test: 'test/unit/hsm/raw-rate.test.ts',
    title: 'signs with no key but one that is thrown away',
  },
  'signers/caller-frames': {
    guard: 'A caller that sends what is no frame is disconnected.',
    file: 'hsm/supervisor/socket-server.ts',
    find: 'if (!frames.ok) socket.destroy();',
    replace: 'if (!frames.ok) return;',
    test: 'test/integration/hsm/signers.test.ts',
    title: 'hostile octets close their own connection',
  },
  'signers/refused-number': {
    guard: 'The number of a refusal counts only where it is a number.',
    file: 'hsm/client/replies.ts',
    find: '/^\\d{1,15}$/.test(String(lastNumber)) ?',
    replace: 'lastNumber !== null ?',
    test: 'test/unit/hsm/client/replies.test.ts',
    title: 'names the last one, where that is a number',
  },
  'signers/silent-supervisor': {
    guard: 'The status of a supervisor that is silent comes within a second.',
    file: 'hsm/client/client.ts',
    find: 'timer = setTimeout(resolve, STATUS_MS_MAX, null);',
    replace: 'timer = setTimeout(resolve, 60_000, null);',
    test: 'test/unit/hsm/client/connection.test.ts',
    title: 'hears within a second',
  },
};
