import { guardsOf, type Mutants } from './mutant.js';

const CLIENTS = 'test/integration/service/accounts/client-certificates.test.ts';
const BODIES = 'test/integration/service/requests/bodies.test.ts';
const STATUS = 'test/integration/publish/status-server.test.ts';

const group = guardsOf('src/http/server/bounded-group.ts', 'test/unit/http/connections.test.ts');
const connections = guardsOf('src/http/server/connections.ts', 'test/unit/http/connections.test.ts');
const admission = guardsOf('src/http/server/admission.ts', 'test/unit/http/admission.test.ts');
const tls = guardsOf('src/http/server/tls.ts', 'test/unit/http/connections.test.ts');
const lastAnswer = guardsOf('src/http/server/last-answer.ts', 'test/unit/http/connections.test.ts');

export const HTTP: Mutants = {
  'http/form-of-an-earlier-state': guardsOf(
    'src/console/pages/certificate/actions.ts',
    'test/integration/console/forms.test.ts',
  )('A form for a certificate that was suspended and released since is refused.', {
    find: 'return JSON.stringify([state, events.length]);',
    replace: 'return JSON.stringify([state, events.length * 0]);',
    title: 'is refused when the object has changed since and looks as before again, so that nothing is done twice',
  }),
  'http/form-of-an-earlier-pause': guardsOf(
    'src/console/pages/campaign/actions.tsx',
    'test/unit/console/campaign-form.test.ts',
  )('A form for a campaign that was resumed and paused again since is refused.', {
    find: 'return JSON.stringify([id, state, stateAt, dates]);',
    replace: 'return JSON.stringify([id, state, stateAt * 0, dates]);',
    title: 'is another one after the campaign was paused or resumed, also where it is in the same state again',
  }),
  'http/nothing-after-the-last-answer': guardsOf(
    'src/http/server/one-by-one.ts',
    'test/unit/http/streams/one-by-one.test.ts',
  )('A request behind the last answer of a connection is not executed.', {
    find: 'const next = socket.writable ?',
    replace: 'const next = !socket.destroyed ?',
    title: 'are handled in their order, and none after the answer that closes the connection',
  }),
  'http/lasting-answers': guardsOf('src/http/trail/long-answers.ts', 'test/unit/http/streams/long-answers.test.ts')(
    'An export breaks off when its account may not read any more.',
    {
      find: 'if (!client.ok || !hasSameRights(client.value, account)) throw',
      replace: 'if (!client.ok && client.ok) throw',
      title: 'breaks off when its account may not read any more, or has other rights',
    },
  ),
  'http/pages-take-no-upload-places': guardsOf(
    'src/http/console/router.ts',
    'test/unit/http/streams/console-places.test.ts',
  )('A page of the console takes no place of an upload.', {
    find: "ctx.method === 'POST' && isMultipart(",
    replace: "ctx.method !== '' && isMultipart(",
    title: 'takes no place of an upload, whatever type its request says that it has',
  }),
  'http/address-replaces-its-own': group('A flood from one address replaces the connections of this address.', {
    find: 'if (own !== undefined && own.size >= perOwner) return oldest(own);',
    replace: '',
    title: 'replace the oldest connection of the same address',
  }),
  'http/empty-idempotency-key': guardsOf(
    'src/http/api/idempotency-key.ts',
    'test/integration/service/requests/idempotency.test.ts',
  )('A client that sends an empty Idempotency-Key is not left without the safety that it asks for.', {
    find: 'if (header === undefined)',
    replace: "if (header === undefined || header === '')",
    title: 'that is invalid gets 400',
  }),
  'http/ocsp-in-turns': guardsOf('src/http/status/turns.ts', 'test/unit/http/turns.test.ts')(
    'OCSP requests that are not answered from the cache leave time for everything else.',
    {
      find: 'waiting.splice(0, perTurnMax)',
      replace: 'waiting.splice(0)',
      title: 'let a limited number of callers work, in the order in which they came',
    },
  ),
  'http/places-for-officers': connections('The last connections are for officers.', {
    find: '- (isOfficer ? 0 : reserved)',
    replace: '- 0 * reserved',
    title: 'beyond its share an account is refused',
  }),
  'http/places-for-revocation': admission('The last places are for revocations and officers.', {
    find: 'placesMax - (isUrgent ? 0 : reserved)',
    replace: 'placesMax - 0 * reserved',
    title: 'keeps places for urgent requests',
  }),
  'http/share-of-an-account': admission('One account does not take all places.', {
    find: '|| own >= perAccountMax',
    replace: '|| own > placesMax + perAccountMax',
    title: 'leaves places to other accounts',
  }),
  'http/streams-of-an-account': guardsOf('src/http/api/api.ts', 'test/integration/orders/upload.test.ts')(
    'One account does not take all places of streamed requests.',
    {
      find: 'placesMax: 8, reserved: 0, perAccountMax: 6',
      replace: 'placesMax: 8, reserved: 0, perAccountMax: 8',
      title: 'finds a place however many others an account has begun',
    },
  ),
  'http/place-after-the-body': guardsOf('src/http/api/api.ts', 'test/unit/http/half-sent.test.ts')(
    'A request takes its place when its body is there.',
    {
      find: 'const request = await readJsonRequest(',
      replace:
        'options.admission.enter({ account: known.account.id, isUrgent: false });\n' +
        '  const request = await readJsonRequest(',
      title: 'takes no place among those that are processed',
    },
  ),
  'http/handshakes-in-turn': guardsOf('src/http/server/handshakes.ts', 'test/unit/http/handshake-turns.test.ts')(
    'A flood of handshakes does not delay the requests of accounts.',
    { find: 'if (!isPaused) takeNext();', replace: 'takeNext();', title: 'begin one after the other' },
  ),
  'http/no-renegotiation': tls('A client cannot renegotiate TLS 1.2.', {
    find: 'secureOptions: constants.SSL_OP_NO_RENEGOTIATION,',
    replace: 'secureOptions: 0 * constants.SSL_OP_NO_RENEGOTIATION,',
    title: 'cannot renegotiate TLS 1.2',
  }),
  'http/one-request-of-a-proxy': guardsOf('src/http/proxy/server.ts', 'test/unit/http/proxy/server.test.ts')(
    'What a client writes behind its request is not read as a request of the proxy.',
    {
      find: 'if (used.has(socket)) {',
      replace: 'if (used.has(socket) && socket.destroyed) {',
      title: 'handles one request of a connection, also if a second one of',
    },
  ),
  'http/key-proved-by-tls': guardsOf('src/http/proxy/headers.ts', 'test/unit/http/proxy/headers.test.ts')(
    'A proxy passes on no certificate of a client that did not use TLS.',
    {
      find: 'if (certificate === null || !isTls)',
      replace: 'if (certificate === null)',
      title: 'are refused with a certificate over plain HTTP',
    },
  ),
  'http/proxy-needs-tls': guardsOf('src/http/api/api.ts', 'test/integration/service/proxy/nginx.test.ts')(
    'A client that used plain HTTP in front of a proxy gets CMP only.',
    {
      find: 'if (usedPlainHttp(ctx.req) && !isCmpPath(ctx)) return PLAIN_HTTP;',
      replace: '',
      title: 'serves CMP alone over plain HTTP',
    },
  ),
  'http/cut-off-after-408': lastAnswer('A client that goes on sending after 408 is cut off.', {
    find: 'setTimeout(() => socket.destroy(), LINGER_MS)',
    replace: 'setTimeout(() => undefined, LINGER_MS)',
    title: 'is cut off after 408',
    hangs: true,
  }),
  'http/certificate-read-in-time': guardsOf('src/http/server/tls.ts', CLIENTS)(
    'A certificate that OpenSSL cannot verify is refused with its rule.',
    {
      find: 'if (socket.getPeerX509Certificate() === undefined) connections.markAnonymous(socket);',
      replace: 'if (socket.destroyed) connections.markAnonymous(socket);',
      title: 'gets 403 with the rule if ',
    },
  ),
  'http/certificate-as-recorded': guardsOf('src/access/client-certificate.ts', CLIENTS)(
    'A certificate that is not recorded byte for byte is refused.',
    {
      find: 'passes: ({ isAsRecorded }) => isAsRecorded',
      replace: 'passes: ({ isAsRecorded }) => isAsRecorded || true',
      title: 'gets 403 with the rule if ',
    },
  ),
  'http/rest-of-a-body': guardsOf('src/http/server/body.ts', BODIES)('The rest of a long body is not read.', {
    find: 'if (!request.complete) leaveUnread',
    replace: 'if (request.destroyed) leaveUnread',
    title: 'is not read to its end after an early answer',
  }),
  'http/json-values': guardsOf('src/http/api/json-body.ts', 'test/unit/http/json-body.test.ts')(
    'A body or a line cannot have tens of thousands of violations.',
    { find: 'valuesIn(value) > max', replace: 'valuesIn(value) < 0', title: 'has a limited number of values' },
  ),
  'http/violations-are-bounded': guardsOf('src/http/api/problems.ts', BODIES)('An answer has few violations.', {
    find: 'failure.violations.slice(0, VIOLATIONS_MAX).map(',
    replace: 'failure.violations.slice(0, VIOLATIONS_MAX * 1_000).map(',
    title: 'gets an answer of limited length',
  }),
  'http/precondition-failed': guardsOf('src/http/status/conditions.ts', 'test/integration/publish/serving.test.ts')(
    'A list that the client does not expect is not sent.',
    {
      find: "if (!isExpected(headers, validators)) return 'failed';",
      replace: '',
      title: 'answers 412 if the CRL is not the expected one',
    },
  ),
  'http/path-is-no-request': guardsOf('src/http/status/paths.ts', STATUS)('A path that is no request is 404.', {
    find: 'return found !== null && isDerSequence(found.requestDer) ? found : null;',
    replace: 'return found !== null && isDerSequence(found.requestDer) ? found : found;',
    title: 'answers 404 to a path that is neither a resource nor an OCSP request',
  }),
  'http/tab-after-length': guardsOf('src/http/status/fast-lane/request.ts', 'test/unit/http/fast-lane-request.test.ts')(
    'A field that the parser of Node reads otherwise is left to it.',
    {
      find: 'if (!VALUE_READ_HERE.test(value)) return null;',
      replace: '',
      title: 'a tab after the length',
    },
  ),
  'http/content-encoding': guardsOf('src/http/api/json-request.ts', 'test/unit/http/languages/language.test.ts')(
    'An encoded body is refused, and not read as if it were plain.',
    {
      find: "if (route.body !== null && (headers['content-encoding'] ?? '') !== '') return",
      replace: 'if (route.body === undefined) return',
      title: 'for a content encoding, which is refused',
    },
  ),
  'http/language': guardsOf('src/http/trail/exchange.ts', 'test/unit/http/languages/language.test.ts')(
    'A problem document is in the language of the client.',
    {
      find: 'const accepted = ctx.acceptsLanguages(...LANGUAGES);',
      replace: "const accepted = ctx.acceptsLanguages('en');",
      title: 'is that of the client when the database is not available',
    },
  ),
  'http/computed-once': guardsOf('src/http/operators/share-computation.ts', 'test/unit/http/share-computation.test.ts')(
    'The readiness is computed at most once a second.',
    { find: 'if (current !== null) return current;', replace: '', title: 'is computed once for all who ask' },
  ),
};
