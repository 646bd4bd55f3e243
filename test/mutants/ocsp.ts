import { guardsOf, type Mutants } from './mutant.js';

const ANSWER = 'src/operations/status/answer-ocsp.ts';
const SAVED = 'test/integration/ocsp/saved-answers.test.ts';
const NEVER_BACK = 'test/integration/ocsp/never-back.test.ts';

const answer = guardsOf(ANSWER, 'test/integration/ocsp/answer-ocsp.test.ts');
const USABLE = 'src/operations/status/usable-answers.ts';
const usable = guardsOf(USABLE, SAVED);
const saved = guardsOf(ANSWER, SAVED);
const sideBySide = guardsOf(ANSWER, 'test/integration/ocsp/side-by-side.test.ts');
const limit = guardsOf('src/ocsp/one-client-limit.ts', 'test/integration/ocsp/answer-ocsp.test.ts');
const forOne = 'test/integration/ocsp/one-client.test.ts';
const life = guardsOf('src/ocsp/answer.ts', 'test/integration/ocsp/answer-ocsp.test.ts');
const request = guardsOf('src/ocsp/request.ts', 'test/unit/ocsp/request.test.ts');
const cache = guardsOf('src/ocsp/cache.ts', 'test/unit/ocsp/cache.test.ts');
const responders = guardsOf('src/jobs/status/responder-renewal.ts', 'test/integration/jobs/responders.test.ts');
const renewal = guardsOf('src/operations/status/renew-responder.ts', 'test/integration/jobs/responders.test.ts');
const ahead = guardsOf('src/jobs/status/sign-ahead.ts', 'test/integration/jobs/sign-ahead.test.ts');
const choose = guardsOf('src/ocsp/choose-responder.ts', 'test/unit/ocsp/choose-responder.test.ts');
const connection = guardsOf('hsm/client/connection.ts', 'test/unit/hsm/client/connection.test.ts');

export const OCSP: Mutants = {
  'ocsp/stale-memory': guardsOf(ANSWER, NEVER_BACK)('Good in memory is tryLater where the database is behind.', {
    find: `found === null || (isStale(world) && [...found.statusByCertificate.values()].includes('good'))`,
    replace: 'found === null',
    title: 'is tryLater from a standby that is behind for longer than',
  }),
  'ocsp/impatient': connection('Questions about a status do not wait for a signer that is away.', {
    find: "const FAIL_FAST: ReadonlySet<FrameType> = new Set(['ocsp', 'status']);",
    replace: 'const FAIL_FAST: ReadonlySet<FrameType> = new Set();',
    title: 'with requests for certificates, but not with a hundred OCSP requests',
  }),
  'ocsp/one-reconnect': connection('Requests that wait for a signer share one attempt to connect.', {
    find: 'if (open || connecting || retry || closed) return;',
    replace: 'if (open || connecting || closed) return;',
    title: 'connects once in a pause to a signer that disconnects, however many requests wait',
  }),
  'ocsp/revoked-read-withdraws-good': guardsOf(ANSWER, NEVER_BACK)(
    'An answer that has read revoked withdraws the cached good.',
    {
      find: 'cache.withdraw(about, other);',
      replace: '',
      title: 'never changes from revoked to good, except for a released',
    },
  ),
  'ocsp/issued-outdates-unknown': guardsOf('src/ocsp/decide.ts', 'test/integration/ocsp/newly-issued.test.ts')(
    'After one answer has said that a certificate is good, no slower one says that it was never issued.',
    {
      find: "good: ['revoked', 'never-issued-revoked', 'unknown'],",
      replace: "good: ['revoked'],",
      title: 'is not followed by a slower answer that it was never issued',
    },
  ),
  'ocsp/keys-apart': sideBySide('Responses of two keys are kept apart.', {
    find: 'responder === authority.responder ? undefined : responder.signatureAlgorithm',
    replace: 'undefined',
    title: 'answers each client with its preferred algorithm, with and',
  }),
  'ocsp/key-of-saved': guardsOf('src/ocsp/answer.ts', 'test/integration/ocsp/side-by-side.test.ts')(
    'A saved response of another key is not given out.',
    {
      find: 'cached.signerKeyHash === toHex(responder.keyHash) && ',
      replace: 'responder.keyHash.length > 0 && ',
      title: 'serves no saved answer from a time when the policy',
    },
  ),
  'ocsp/key-that-is-named': {
    guard: 'The signer takes the key that the response names.',
    file: 'hsm/signer/check.ts',
    find: 'ofIssuer.find((one) => one === responder)',
    replace: 'ofIssuer.find((one) => one !== undefined || responder)',
    test: 'test/unit/hsm/signer/check.test.ts',
    title: 'returns which of several responders of its CA a response names',
  },
  'ocsp/forgets-everything': saved('When the database is another one, nothing cached is given out.', {
    find: 'cache.clear();',
    replace: '',
    title: 'are all removed when the database was replaced',
  }),
  'ocsp/forgets-in-progress': saved('When the database is another one, nothing that is being signed is given out.', {
    find: 'answersInProgress.markAllOutdated();',
    replace: '',
    title: 'are all removed when the database was replaced',
  }),
  'ocsp/clock-wrong-renews-none': renewal('A service does not renew a responder while a clock is wrong.', {
    find: 'if (fault !== null) return',
    replace: 'if (fault === undefined) return',
    title: 'are not made while the clock is behind',
  }),
  'ocsp/renewal-waits': responders('Each attempt to renew a responder waits longer than the last.', {
    find: 'retry === null ? RETRY_MS.first : 2 * retry.waitMs',
    replace: 'RETRY_MS.first',
    title:
      'are retried after longer and longer pauses while the signer is down, because each attempt uses a serial number',
  }),
  'ocsp/renewal-read-again': responders('A service does not renew a responder that another one has just renewed.', {
    find: 'if (!isDue(parts, { issuer, responder: latest })) return;',
    replace: 'isDue(parts, { issuer, responder: latest });',
    title: 'are renewed through a year, each for the same key, by one of two services, and saved by both',
  }),
  'ocsp/ahead-rate': ahead('A limited number of responses is signed ahead in a second.', {
    find: "if (outcome === 'signed') signaturesLeft -= 1;",
    replace: '',
    title:
      'exist for every unexpired certificate, within the limit per second, after every other request to the signer',
  }),
  'ocsp/ahead-room': guardsOf(ANSWER, 'test/integration/jobs/sign-ahead.test.ts')(
    'Responses signed ahead drive out none that was asked for.',
    {
      find: "if (found === null && isFull) return 'no-room';",
      replace: '',
      title: 'do not evict requested responses: without room the rest is signed on request',
    },
  ),
  'ocsp/unknown-may-be-issued': guardsOf('src/operations/status/ocsp-statuses.ts', SAVED)(
    'A number that a database that is behind does not know is tryLater.',
    {
      find: "kind !== 'revoked')",
      replace: "kind === 'good')",
      title: 'with an outdated database, an unknown number is tryLater,',
    },
  ),
  'ocsp/request-length': request('A request has a maximal length.', {
    find: 'if (der.length > LIMITS.ocspRequestBytesMax)',
    replace: 'if (der.length < 0)',
    title: 'rejects a request above the size limit',
  }),
  'ocsp/request-count': request('A request asks about a limited number of certificates.', {
    find: 'if (list.length === 0 || list.length > LIMITS.ocspRequestsPerMessageMax)',
    replace: 'if (list.length < 0)',
    title: 'rejects an empty list, too many requests',
  }),
  'ocsp/path-length': guardsOf('src/ocsp/request-path.ts', 'test/unit/ocsp/request.test.ts')(
    'A request in a path has a maximal length.',
    {
      find: 'if (encoded.length > PATH_CHARACTERS_MAX) return null;',
      replace: '',
      title: 'is null for invalid base64',
    },
  ),
  'ocsp/critical-extension': request('A critical extension that is not understood ends the request.', {
    find: 'if (critical) malformed(element,',
    replace: 'if (critical && oid === "") malformed(element,',
    title: 'rejects unknown critical extensions',
  }),
  'ocsp/nonce-length': request('A nonce has 1 to 128 octets.', {
    find: 'if (octets < 1 || octets > NONCE_OCTETS_MAX) malformed',
    replace: 'if (octets < 0) malformed',
    title: 'accepts only nonces of 1 to 128 octets',
  }),
  'ocsp/sole-authority': answer('One authority answers for itself alone.', {
    find: 'return first !== undefined && others.every((other) => other === first) ? first : null;',
    replace: 'return first !== undefined && others.length >= 0 ? first : null;',
    title: 'two CAs in one message, or a foreign CA, are unauthorized',
  }),
  'ocsp/one-client-bounded': limit('Responses for one client in progress are limited.', {
    find: 'running >= inFlightMax || ',
    replace: '',
    title: 'answers for one client have their own lower limit',
  }),
  'ocsp/one-client-per-second': guardsOf('src/ocsp/one-client-limit.ts', forOne)(
    'Responses for one client only are limited per second.',
    { find: ' || !take()', replace: '', title: 'are limited per second' },
  ),
  'ocsp/several-are-for-one': guardsOf(ANSWER, forOne)('A response about several certificates is for one client.', {
    find: 'certId === undefined || certIds.length > 1 ||',
    replace: 'certId === undefined ||',
    title: 'are those about several certificates and those in an unusual form',
  }),
  'ocsp/unusual-forms-are-for-one': guardsOf(ANSWER, forOne)('A response in an unusual form is for one client.', {
    find: ' || !certId.isCommonForm',
    replace: '',
    title: 'are those about several certificates and those in an unusual form',
  }),
  'ocsp/in-progress-bounded': answer('Responses in progress are limited.', {
    find: "if (answersInProgress.count() >= limits.inFlightMax) return errorAnswer('tryLater');",
    replace: '',
    title: 'the number of answers in progress is limited',
  }),
  'ocsp/refreshes-bounded': saved('Responses that are renewed at one time are limited.', {
    find: ' || refreshing.size >= REFRESHES_MAX',
    replace: '',
    title: 'are refreshed at most sixteen at a time; later requests',
  }),
  'ocsp/attempts': answer('A response is begun again three times.', {
    find: 'for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {',
    replace: 'for (;;) {',
    title: 'a status that changes during each signature ends in',
    hangs: true,
  }),
  'ocsp/outdated': answer('A response that became untrue while it was made is not given out.', {
    find: 'if (!attempted.outdated) return',
    replace: 'if (attempted) return',
    title: 'a revocation while an answer is read or signed is in this',
  }),
  'ocsp/withdrawn-in-progress': answer('A revocation outdates the responses in progress.', {
    find: "answersInProgress.markOutdated(about, 'all');",
    replace: '',
    title: 'a revocation while an answer is read or signed is in this',
  }),
  'ocsp/signature-verified': answer('A signature is verified before the response is given out.', {
    find: 'if (await verifySignatureAsync({ spki, algorithm, data: responseData, signature: signature.value })) {',
    replace: 'if (spki.length > 0) {',
    title: 'a signature that does not verify',
  }),
  'ocsp/refused-is-no-reason': answer('A refusal of the signer is no reason to give out an older response.', {
    find: "signature.error === 'tryLater' ? err(",
    replace: 'statuses ? err(',
    title: 'a refusal by the signer is internalError, and no stale',
  }),
  'ocsp/ends-with-signer': life('A response ends with the certificate of its signer.', {
    find: 'toSecond(Math.min(thisUpdate + answers.lifeMs, responder.notAfter))',
    replace: 'toSecond(thisUpdate + answers.lifeMs)',
    title: 'an answer does not last longer than the certificate of its',
  }),
  'ocsp/begins-with-signer': life('A response is not from before the certificate of its signer.', {
    find: 'return responder.notBefore <= thisUpdate && nextUpdate',
    replace: 'return nextUpdate',
    title: 'an answer is not older than the certificate of its responder',
  }),
  'ocsp/future-not-fresh': cache('A cached response of the future is not fresh.', {
    find: ' && answer.thisUpdate <= now ? answer',
    replace: ' ? answer',
    title: 'returns an answer while it is fresh',
  }),
  'ocsp/future-not-lasting': usable('A saved response of the future is not given out.', {
    find: 'old === null || old.thisUpdate > now || old.nextUpdate - now',
    replace: 'old === null || old.nextUpdate - now',
    title: 'with a time in the future are not served after the clock',
  }),
  'ocsp/caches-keep-to-the-end': guardsOf('src/ocsp/answer.ts', SAVED)('HTTP caches keep no response beyond its end.', {
    find: 'Math.min(delivery.maxAgeMs, nextUpdate - now)',
    replace: 'delivery.maxAgeMs + 0 * nextUpdate',
    title: 'are not served beyond nextUpdate, and not loaded after it',
  }),
  'ocsp/restored-not-ended': saved('A response that has ended is not restored.', {
    find: 'if (answer.nextUpdate > world.clock()) cache.put',
    replace: 'cache.put',
    title: 'are not served beyond nextUpdate, and not loaded after it',
  }),
  'ocsp/old-says-the-same': usable('An older response is given out only where the database says the same.', {
    find: 'return hasSameStatusesAndSigner(old, asked, statuses) ? old : null;',
    replace: 'return statuses ? old : null;',
    title: 'are not served if a suspension became a revocation or another suspension',
  }),
  'ocsp/stale-says-the-same': usable('Without a signer an older response is given out only where it is still true.', {
    find: 'return cached !== null && hasSameStatusesAndSigner(cached, asked, statuses ?? []) ? cached : null;',
    replace: 'return cached;',
    title: 'are not served if a suspension became a revocation or another suspension',
  }),
  'ocsp/useless-not-cached': life('A response that is of no use to others is not cached.', {
    find: "key !== null && statuses.every(({ kind }) => kind === 'good' || kind === 'revoked')",
    replace: 'key !== null && statuses.length > 0',
    title: 'a number that was never issued is unknown, or revoked since',
  }),
  'ocsp/open-is-try-later': guardsOf('src/ocsp/decide.ts', 'test/integration/ocsp/answer-ocsp.test.ts')(
    'An open intent is tryLater.',
    {
      find: "return { kind: 'try-later' };",
      replace: "return { kind: 'good' };",
      title: 'an open intent is tryLater',
    },
  ),
  'ocsp/cache-bounded': cache('The cache has a maximal number of entries and bytes.', {
    find: 'if (answers.size <= limits.entriesMax && bytes <= limits.bytesMax) break;',
    replace: 'break;',
    title: 'is limited in number and bytes',
  }),
  'ocsp/saved-is-checked': saved('A saved response is not fresh before the database has agreed.', {
    find: 'freshUntil: 0 }',
    replace: 'freshUntil: Number.MAX_SAFE_INTEGER }',
    title: 'from before a restart are served only if no new one can be',
  }),
  'ocsp/failures-one-line': guardsOf('src/ocsp/signing-failures.ts', 'test/unit/ocsp/signing-failures.test.ts')(
    'Signatures that fail are one line of the log a second.',
    {
      find: 'Math.abs(now - last.at) < LOG_EVERY_MS',
      replace: 'Math.abs(now - last.at) < 0 * LOG_EVERY_MS',
      title: 'are logged once a second',
    },
  ),
  'ocsp/refusals-each-a-line': guardsOf('src/ocsp/signing-failures.ts', 'test/unit/ocsp/signing-failures.test.ts')(
    'Each refusal of a signer is a line of the log.',
    {
      find: "if (kind === 'signer-refused') world.log.error",
      replace: "if (kind === 'signer-refused') limited.error",
      title: 'are all logged if the signer refused',
    },
  ),
  'ocsp/lane-field-twice': guardsOf('src/http/status/fast-lane/request.ts', 'test/unit/http/fast-lane-request.test.ts')(
    'A request of the fast lane means the same to node:http.',
    {
      find: ' || LEFT_TO_NODE.has(name) || fields.has(name)) return null;',
      replace: ') return null;',
      title: 'must not have ',
    },
  ),
  'ocsp/lane-heads-bounded': guardsOf(
    'src/http/status/fast-lane/request.ts',
    'test/unit/http/fast-lane-request.test.ts',
  )('The request heads that the fast lane caches are limited.', {
    find: 'if (cache.size >= CACHED_HEADS_MAX) cache.clear();',
    replace: '',
    title: 'is cached by its head',
  }),
  'ocsp/lane-addresses-bounded': guardsOf(
    'src/http/status/fast-lane/answers.ts',
    'test/unit/http/fast-lane-answers.test.ts',
  )('The addresses that the fast lane caches are limited.', {
    find: 'if (keys.size >= REQUEST_KEYS_MAX) keys.clear();',
    replace: '',
    title: 'at most twenty thousand paths',
  }),
  'ocsp/lane-slow-readers': guardsOf('src/http/status/fast-lane/lane.ts', 'test/integration/publish/fast-lane.test.ts')(
    'The fast lane reads nothing more from a client that does not take its responses.',
    {
      find: 'else if (!send(answer)) socket.pause();',
      replace: 'else send(answer);',
      title: 'reads no more from a client that does not receive its responses',
    },
  ),
  'ocsp/lane-lists-tracked': guardsOf(
    'src/http/status/fast-lane/lane.ts',
    'test/integration/publish/fast-lane.test.ts',
  )('Lists that slow clients keep in memory are counted.', {
    find: 'slowReaders.track(answer.bytes, socket);',
    replace: '',
    title: 'disconnects the client of the oldest long CRL',
  }),
  'ocsp/lane-silence': guardsOf('src/http/status/fast-lane/lane.ts', 'test/integration/publish/fast-lane.test.ts')(
    'The fast lane disconnects a client that says nothing.',
    { find: 'socket.setTimeout(SILENCE_MS_MAX);', replace: '', title: 'closes a connection without a first request' },
  ),
  'ocsp/later-authority': guardsOf('src/ocsp/issuer-index.ts', 'test/integration/ocsp/answer-ocsp.test.ts')(
    'An authority that comes later is found.',
    {
      find: 'if (current !== indexed) index =',
      replace: 'if (indexed === null) index =',
      title: 'a CA that is added later is found',
    },
  ),
  'ocsp/preferred-curve': choose('A key has the curve that the client names.', {
    find: 'return key.parameters === null || (parameters !== null && equalBytes(parameters.whole, key.parameters));',
    replace: 'return key.parameters === null || parameters !== null || equalBytes(spki, spki);',
    title: 'and the curve if it requires one',
  }),
  'ocsp/ended-responder': choose('A responder whose certificate has ended answers nobody whom another can answer.', {
    find: 'notBefore <= now && now < notAfter',
    replace: 'notBefore <= now && now < notAfter * 2',
    title: 'is another one if the certificate of the preferred one is expired',
  }),
  'ocsp/response-type': guardsOf('src/ocsp/read.ts', 'test/unit/ocsp/read.test.ts')('A response is of one type.', {
    find: "if (objectIdentifier(type, 'responseType') !== OID.ocspBasic) malformed(",
    replace: "if (objectIdentifier(type, 'responseType') === '') malformed(",
    title: 'rejects other response types',
  }),
  'ocsp/self-check-signature': guardsOf('src/ocsp/verify-answer.ts', 'test/integration/publish/self-check.test.ts')(
    'The self-check verifies a response as a relying party does.',
    {
      find: 'if (now > notAfter)',
      replace: 'if (now < 0)',
      title: 'finds a response without the certificate of its signer',
    },
  ),
  'ocsp/self-check-patience': guardsOf('src/jobs/lists/self-check.ts', 'test/integration/publish/self-check.test.ts')(
    'The patience of the self-check is for a limited number of addresses.',
    { find: 'retries.left -= 1;', replace: '', title: 'waits for a limited number of slow addresses per round' },
  ),
};
