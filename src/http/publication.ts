/**
 * For relying parties, over plain HTTP: OCSP by POST and GET, CRLs, CA certificates and chains. On node:http itself: what
 * card readers wait for is answered from memory before any framework. Bad input is an OCSP error or a 4xx, in any amount.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Bytes } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import type { Metrics } from '../observe/metrics.js';
import { ocspRequestFromPath } from '../ocsp/request-path.js';
import type { OcspResponder } from '../operations/answer-ocsp.js';
import type { Clock, Log } from '../ports/world.js';
import { readBody } from './body.js';
import type { PublishedFiles } from './published-files.js';
import { type Exchange, isFresh, sendFile, sendHot } from './send-file.js';
import { createHotOcsp, type HotOcsp, isOcspRequest, sendOcspAnswer } from './send-ocsp.js';

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
const CRL_FOLDER = '/CRL/';
const CRL_PATH = /^\/CRL\/([A-Za-z0-9-]{1,40}\.crl)$/;
const AUTHORITY_PATH = /^\/AC\/([A-Za-z0-9_-]{1,80}\.(?:cer|p7b))$/;

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
  const { responder, metrics } = options;
  const hot = createHotOcsp(responder, ({ source }) => metrics.ocspAnswers.count(source));
  const serving = { options, hot };
  const fail = ({ request, response }: Exchange, error: unknown): void => {
    options.log.error('publication.fault', { path: (request.url ?? '').slice(0, 100), message: String(error) });
    if (!response.headersSent) send(response, 503, 'try again later\n');
    else response.destroy();
  };
  const server = createServer(limits, (request, response) => {
    const exchange = { request, response };
    const slow = (first: Buffer): void => {
      postOcsp(serving, exchange, first).catch((error: unknown) => fail(exchange, error));
    };
    if (isAnsweredAtOnce(serving, exchange, slow)) return;
    dispatch(serving, exchange).catch((error: unknown) => fail(exchange, error));
  });
  // Who says no more after a request still reads: without it a FIN is taken for a client that has left (node's lib/_http_server.js).
  Object.assign(server, { httpAllowHalfOpen: true });
  server.maxConnections = 20_000;
  // A client that asks for a CRL and does not read it holds a connection and a file.
  server.timeout = 60_000;
  return server;
}

type Serving = { readonly options: PublicationOptions; readonly hot: HotOcsp };

/** What most readers ask, before anything is made for it: a list or an answer that is in memory. */
function isAnsweredAtOnce({ options, hot }: Serving, exchange: Exchange, slow: (first: Buffer) => void): boolean {
  const { crls, clock } = options;
  const { method, url = '' } = exchange.request;
  if (method === 'POST') return isOcspPath(url) && hot.post(exchange, slow);
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (url.startsWith(CRL_FOLDER)) return sendHot(crls, { name: url.slice(CRL_FOLDER.length), now: clock() }, exchange);
  return hot.get(url, exchange);
}

function isOcspPath(path: string): boolean {
  return path === '/ocsp' || path === '/' || path === '/ocsp/';
}

/** RFC 9112 3.2.2: a server takes the whole address too, as proxies are sent it. */
const ADDRESS = /^https?:\/\/[^/?]*/i;

function pathOf(url: string): string {
  const path = (url.startsWith('/') ? url : url.replace(ADDRESS, '')).split('?', 1)[0];
  return path === undefined || path === '' ? '/' : path;
}

function dispatch(serving: Serving, { request, response }: Exchange): Promise<void> {
  const path = pathOf(request.url ?? '/');
  switch (request.method) {
    case 'POST':
      if (isOcspPath(path)) return postOcsp(serving, { request, response });
      return refuse(request, response, { status: 404, text: 'OCSP requests go to /ocsp\n' });
    case 'GET':
    case 'HEAD':
      return getResource(serving, path, { request, response });
    default:
      response.setHeader('allow', 'GET, HEAD, POST');
      return refuse(request, response, { status: 405, text: 'GET, HEAD or POST\n' });
  }
}

async function getResource(serving: Serving, path: string, { request, response }: Exchange): Promise<void> {
  const { options } = serving;
  request.resume();
  const crl = CRL_PATH.exec(path)?.[1];
  if (crl !== undefined) {
    const isSent = await sendFile(options.crls, crl, { request, response, clock: options.clock });
    return isSent ? undefined : send(response, 404, 'no such CRL\n');
  }
  const authority = AUTHORITY_PATH.exec(path)?.[1];
  if (authority !== undefined) return sendAuthority(options, authority, { request, response });
  if (path === options.practiceStatement.path) return send(response, 200, options.practiceStatement.text);
  if (path === '/')
    return send(response, 200, 'OCSP: POST /ocsp. CRLs: /CRL/<stem>.crl. CA certificates: /AC/<stem>.cer\n');
  const encoded = path.startsWith('/ocsp/') ? path.slice('/ocsp/'.length) : path.slice(1);
  const der = ocspRequestFromPath(encoded);
  if (der === null) return send(response, 404, 'no such address\n');
  return sendOcsp(serving, der, { request, response });
}

/** `first`: what was read of the body already. */
async function postOcsp(
  { options, hot }: Serving,
  { request, response }: Exchange,
  first: Buffer | null = null,
): Promise<void> {
  if (!isOcspRequest(request))
    return refuse(request, response, { status: 415, text: 'application/ocsp-request expected\n' });
  const limits = { bytesMax: LIMITS.ocspRequestBytesMax, deadlineMs: BODY_DEADLINE_MS };
  const body = await readBody(request, first === null ? limits : { ...limits, first });
  if (!body.ok) {
    response.setHeader('connection', 'close');
    return send(response, body.error.kind === 'too-large' ? 413 : 408, `${body.error.kind}\n`);
  }
  return sendOcsp({ options, hot }, body.value, { request, response });
}

async function sendOcsp({ options, hot }: Serving, der: Bytes, exchange: Exchange): Promise<void> {
  const answer = await options.responder.answer(der);
  options.metrics.ocspAnswers.count(answer.source);
  const { method, url = '' } = exchange.request;
  if (method === 'GET' && answer.cacheable !== null) hot.remember(url, der);
  sendOcspAnswer(answer, exchange);
}

async function sendAuthority(
  { authorities }: PublicationOptions,
  name: string,
  { request, response }: Exchange,
): Promise<void> {
  const bytes = await authorities.get(name)?.();
  if (bytes === undefined) return send(response, 404, 'no such certificate\n');
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
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
