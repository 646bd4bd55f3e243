/**
 * For relying parties, over plain HTTP: OCSP by POST and GET, CRLs, CA certificates and chains. What nearly all of them send is answered
 * before node:http (quick-lane.ts), all else by it, without a framework. Bad input is an OCSP error or a 4xx, in any amount.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { LIMITS } from '../../kernel/limits.js';
import type { Metrics } from '../../observe/metrics.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Clock, Log } from '../../ports/world.js';
import { readBody } from '../server/body.js';
import { oneByOne } from '../server/one-by-one.js';
import { createFastLaneServe } from './fast-lane/answers.js';
import { installFastLane } from './fast-lane/lane.js';
import type { PublishedFiles } from './files.js';
import { isOcspRequest, sendOcspAnswer } from './ocsp.js';
import { isOcspPath, placeOf } from './paths.js';
import { type Exchange, isFresh, sendFile } from './send-file.js';
import { createSlowReaders, type SlowReaders } from './slow-readers.js';

export type PublicationOptions = {
  readonly responder: OcspResponder;
  /** The published CRLs. */
  readonly crls: PublishedFiles;
  /** CA certificates and chains by file name, `ACI-FO-PP.cer`: few and fixed while the process runs. */
  readonly authorities: ReadonlyMap<string, () => Promise<Bytes>>;
  /** What `/PC` of the environment says, when this service is its address. */
  readonly practiceStatement: { readonly path: string; readonly text: string };
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
};

const BODY_DEADLINE_MS = 10_000;
const AUTHORITY_MAX_AGE_S = 86_400;

export function createPublicationServer(options: PublicationOptions): Server {
  const limits = {
    headersTimeout: 10_000,
    // Also of what is posted: nobody else waits for its first octet.
    requestTimeout: BODY_DEADLINE_MS,
    // How often both are looked at; Node's own 30 s would make 40 of the 10.
    connectionsCheckingInterval: 5_000,
    // Idle connections end by `timeout` below: a limit of their own is set and taken back at every request (a tenth of what one costs).
    keepAliveTimeout: 0,
    maxHeaderSize: 96 * 1024,
  };
  const held = createSlowReaders();
  const serve = oneByOne(({ request, response }) => {
    dispatch({ ...options, held }, { request, response }).catch((error: unknown) => {
      options.log.error('publication.fault', { path: (request.url ?? '').slice(0, 100), message: String(error) });
      if (!response.headersSent) send(response, 503, 'try again later\n');
      else response.destroy();
    });
  });
  const server = createServer(limits, (request, response) => serve({ request, response }));
  // Who says no more after a request still reads: without it a FIN is taken for a client that has left (node's lib/_http_server.js).
  Object.assign(server, { httpAllowHalfOpen: true });
  server.maxConnections = 20_000;
  // A client that asks for a CRL and does not read it holds a connection and a file.
  server.timeout = 60_000;
  const { responder, crls, practiceStatement, clock, metrics } = options;
  const answered = metrics.ocspAnswers.count;
  installFastLane(server, {
    serve: createFastLaneServe({ responder, crls, practiceStatement, clock, answered }),
    held,
  });
  return server;
}

/** RFC 9112 3.2.2: a server takes the whole address too, as proxies are sent it. */
const ADDRESS = /^https?:\/\/[^/?]*/i;

function pathOf(url: string): string {
  const path = (url.startsWith('/') ? url : url.replace(ADDRESS, '')).split('?', 1)[0];
  return path === undefined || path === '' ? '/' : path;
}

type Serving = PublicationOptions & { readonly held: SlowReaders };

function dispatch(options: Serving, { request, response }: Exchange): Promise<void> {
  const path = pathOf(request.url ?? '/');
  switch (request.method) {
    case 'POST':
      if (isOcspPath(path)) return postOcsp(options, { request, response });
      return refuse(request, response, { status: 404, text: 'OCSP requests go to /ocsp\n' });
    case 'GET':
    case 'HEAD':
      return getResource(options, path, { request, response });
    default:
      response.setHeader('allow', 'GET, HEAD, POST');
      return refuse(request, response, { status: 405, text: 'GET, HEAD or POST\n' });
  }
}

async function getResource(options: Serving, path: string, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  request.resume();
  const place = placeOf(path, options.practiceStatement.path);
  switch (place?.kind) {
    case undefined:
      return send(response, 404, 'no such address\n');
    case 'list': {
      const isSent = await sendFile(options, place.name, exchange);
      return isSent ? undefined : send(response, 404, 'no such CRL\n');
    }
    case 'authority':
      return sendAuthority(options, place.name, exchange);
    case 'practice-statement':
      return send(response, 200, options.practiceStatement.text);
    case 'front':
      return send(response, 200, 'OCSP: POST /ocsp. CRLs: /CRL/<stem>.crl. CA certificates: /AC/<stem>.cer\n');
    case 'ocsp':
      return sendOcsp(options, place.requestDer, exchange);
  }
}

async function postOcsp(options: PublicationOptions, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (!isOcspRequest(request.headers['content-type'] ?? null))
    return refuse(request, response, { status: 415, text: 'application/ocsp-request expected\n' });
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
    'content-type': name.endsWith('.p7b') ? 'application/pkcs7-mime; smime-type=certs-only' : 'application/pkix-cert',
    'cache-control': `max-age=${AUTHORITY_MAX_AGE_S}, public`,
    etag,
  };
  if (isFresh(request.headers, { etag, lastModified: Number.POSITIVE_INFINITY }))
    response.writeHead(304, headers).end();
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
