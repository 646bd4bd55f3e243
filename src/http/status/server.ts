/**
 * The server for relying parties over plain HTTP: OCSP by POST and GET, CRLs, CA certificates and
 * chains, and a public page about them. The fast lane answers nearly all requests before node:http;
 * node:http answers the others, without a framework. Malformed input gets an OCSP error or a 4xx
 * status and does not stop the server.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { LIMITS } from '../../kernel/limits.js';
import type { Metrics } from '../../observe/metrics.js';
import type { OcspAnswer } from '../../ocsp/answer.js';
import { requestKey } from '../../ocsp/cache.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Clock, Log } from '../../ports/world.js';
import { discardBody, readBody } from '../server/body.js';
import type { Exchange } from '../server/exchange.js';
import { handleSequentially } from '../server/one-by-one.js';
import { evaluateConditions } from './conditions.js';
import { createFastLaneServe } from './fast-lane/answers.js';
import { installFastLane } from './fast-lane/lane.js';
import type { ServedCrls } from './files.js';
import { isOcspRequest, sendOcspAnswer } from './ocsp.js';
import { isOcspPath, resourceAt } from './paths.js';
import type { PublicPages } from './public-pages.js';
import { sendFile } from './send-file.js';
import { createSlowReaders, type SlowReaders } from './slow-readers.js';
import { createTurns } from './turns.js';

export type PublicationOptions = {
  readonly responder: OcspResponder;
  /** The published CRLs. */
  readonly crls: ServedCrls;
  /**
   * The functions that return the CA certificates, the chains and the public key of the platform,
   * by file name, e.g. `ACI-FO-PP.cer`. The names do not change at run time.
   */
  readonly authorities: ReadonlyMap<string, () => Promise<Bytes>>;
  /** The text that is served at the address of the certification practice statement. */
  readonly practiceStatement: { readonly path: string; readonly text: string };
  /** The public page, its JSON and its style. */
  readonly publicPages: PublicPages;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  /** Whether the fast lane is used. The responses are the same without it. */
  readonly fastLane: boolean;
  readonly connectionsMax: number;
};

const BODY_DEADLINE_MS = 10_000;
const AUTHORITY_MAX_AGE_S = 86_400;
const AUTHORITY_TYPES: Readonly<Record<string, string>> = {
  '.p7b': 'application/pkcs7-mime; smime-type=certs-only',
  // A SubjectPublicKeyInfo has no media type of its own.
  '.spki': 'application/octet-stream',
};

/** How many OCSP requests without a cached response begin in one turn of the event loop. */
const OCSP_PER_TURN_MAX = 4;

export function createPublicationServer(baseOptions: PublicationOptions): Server {
  const options = { ...baseOptions, responder: limitPerTurn(baseOptions.responder) };
  const limits = {
    headersTimeout: 10_000,
    // This limit includes the body, so that a client that sends no body does not occupy a
    // connection.
    requestTimeout: BODY_DEADLINE_MS,
    // Node checks timeouts every 30 s by default, so a 10 s limit could last 40 s.
    connectionsCheckingInterval: 5_000,
    // `timeout` below closes idle connections. keepAliveTimeout would set a timer at every request,
    // which takes a tenth of the time of a request.
    keepAliveTimeout: 0,
    maxHeaderSize: 96 * 1024,
  };
  const slowReaders = createSlowReaders();
  const serve = handleSequentially(({ request, response }) => {
    dispatch({ ...options, slowReaders }, { request, response }).catch((error: unknown) => {
      options.log.error('publication.fault', { path: (request.url ?? '').slice(0, 100), message: String(error) });
      if (!response.headersSent) send(response, 503, 'temporarily unavailable, try again later\n');
      else response.destroy();
    });
  });
  const server = createServer(limits, (request, response) => serve({ request, response }));
  // A client that half-closes the connection after its request still reads the response. Without
  // this setting, node:http would end the connection at the FIN (lib/_http_server.js).
  Object.assign(server, { httpAllowHalfOpen: true });
  server.maxConnections = options.connectionsMax;
  // Closes a connection without any traffic for a minute: a client that requests a CRL and does not
  // read it occupies a connection and a file.
  server.timeout = 60_000;
  if (options.fastLane) installFastLane(server, { serve: createFastLaneServe(options), slowReaders });
  return server;
}

function limitPerTurn(responder: OcspResponder): OcspResponder {
  const turns = createTurns(OCSP_PER_TURN_MAX);
  const answer = async (requestDer: Bytes): Promise<OcspAnswer> => {
    const cached = responder.cached(requestKey(requestDer));
    if (cached !== null) return cached;
    await turns.next();
    return responder.answer(requestDer);
  };
  return { ...responder, answer };
}

/**
 * The beginning of a request target in absolute form, which proxies send and every server must
 * accept (RFC 9112 3.2.2).
 */
const ORIGIN = /^https?:\/\/[^/?]*/i;

function pathOf(url: string): string {
  const path = (url.startsWith('/') ? url : url.replace(ORIGIN, '')).split('?', 1)[0];
  return path === undefined || path === '' ? '/' : path;
}

type DispatchOptions = PublicationOptions & { readonly slowReaders: SlowReaders };

function dispatch(options: DispatchOptions, { request, response }: Exchange): Promise<void> {
  const path = pathOf(request.url ?? '/');
  switch (request.method) {
    case 'POST':
      if (isOcspPath(path)) return postOcsp(options, { request, response });
      if (resourceAt(path, options.practiceStatement.path) !== null) {
        response.setHeader('allow', 'GET, HEAD');
        return refuse(request, response, { status: 405, text: 'allowed methods: GET, HEAD\n' });
      }
      return refuse(request, response, { status: 404, text: 'not found; OCSP requests are posted to /ocsp\n' });
    case 'GET':
    case 'HEAD':
      return getResource(options, path, { request, response });
    default:
      response.setHeader('allow', 'GET, HEAD, POST');
      return refuse(request, response, { status: 405, text: 'allowed methods: GET, HEAD, POST\n' });
  }
}

async function getResource(options: DispatchOptions, path: string, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  discardBody(exchange);
  const resource = resourceAt(path, options.practiceStatement.path);
  switch (resource?.kind) {
    case undefined:
    case 'public-page':
      return sendPublicPage(options, path, exchange);
    case 'crl': {
      const isSent = await sendFile(options, resource.name, exchange);
      return isSent ? undefined : send(response, 404, 'no such CRL\n');
    }
    case 'authority':
      return sendAuthority(options, resource.name, exchange);
    case 'practice-statement':
      return send(response, 200, options.practiceStatement.text);
    case 'ocsp':
      return sendOcsp(options, resource.requestDer, exchange);
  }
}

async function sendPublicPage(
  { publicPages }: PublicationOptions,
  path: string,
  { request, response }: Exchange,
): Promise<void> {
  const query = request.url?.split('?', 2)[1] ?? '';
  const page = await publicPages({ path, query, acceptLanguage: request.headers['accept-language'] ?? '' });
  if (page === null) return send(response, 404, 'not found\n');
  response.writeHead(200, { ...page.headers, 'content-length': Buffer.byteLength(page.body) });
  response.end(request.method === 'HEAD' ? undefined : page.body);
}

async function postOcsp(options: PublicationOptions, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (!isOcspRequest(request.headers['content-type'] ?? null))
    return refuse(request, response, { status: 415, text: 'the content type must be application/ocsp-request\n' });
  if (request.headers['content-encoding'] !== undefined) {
    response.setHeader('accept-encoding', 'identity');
    return refuse(request, response, { status: 415, text: 'the content must not be encoded\n' });
  }
  const body = await readBody(request, { bytesMax: LIMITS.ocspRequestBytesMax, deadlineMs: BODY_DEADLINE_MS });
  if (!body.ok) {
    response.setHeader('connection', 'close');
    return send(response, body.error.kind === 'too-large' ? 413 : 408, `${body.error.kind}\n`);
  }
  return sendOcsp(options, body.value, exchange);
}

async function sendOcsp({ responder, metrics }: PublicationOptions, der: Bytes, exchange: Exchange): Promise<void> {
  const answer = await responder.answer(der);
  metrics.ocspAnswers.count(answer.source);
  sendOcspAnswer(answer, exchange);
}

async function sendAuthority(
  { authorities }: PublicationOptions,
  name: string,
  { request, response }: Exchange,
): Promise<void> {
  const bytes = await authorities.get(name)?.();
  if (bytes === undefined) return send(response, 404, 'no such certificate\n');
  const etag = `"${sha256Hex(bytes).slice(0, 32)}"`;
  const headers = {
    'content-type': AUTHORITY_TYPES[name.slice(name.lastIndexOf('.'))] ?? 'application/pkix-cert',
    'cache-control': `max-age=${AUTHORITY_MAX_AGE_S}, public`,
    etag,
  };
  const condition = evaluateConditions(request.headers, { etag, lastModified: null });
  if (condition === 'fresh') response.writeHead(304, headers).end();
  else if (condition === 'failed') send(response, 412, 'not the version that the request expects\n');
  else {
    response.writeHead(200, { ...headers, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: { readonly status: number; readonly text: string },
): Promise<void> {
  request.resume();
  response.setHeader('connection', 'close');
  send(response, status, text);
  return Promise.resolve();
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
