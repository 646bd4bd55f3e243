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
import type { OcspAnswer } from '../operations/ocsp-answer.js';
import type { Clock, Log } from '../ports/world.js';
import { readBody } from './body.js';
import type { PublishedFiles } from './published-files.js';
import { type Exchange, isFresh, sendFile, sendHot } from './send-file.js';

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
    requestTimeout: 20_000,
    // How often both are looked at; Node's own 30 s would make 40 of the 10.
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 30_000,
    maxHeaderSize: 96 * 1024,
  };
  const server = createServer(limits, (request, response) => {
    if (isAnsweredAtOnce(options, request, response)) return;
    dispatch(options, request, response).catch((error: unknown) => {
      options.log.error('publication.fault', { path: (request.url ?? '').slice(0, 100), message: String(error) });
      if (!response.headersSent) send(response, 503, 'try again later\n');
      else response.destroy();
    });
  });
  server.maxConnections = 20_000;
  // A client that asks for a CRL and does not read it holds a connection and a file.
  server.timeout = 60_000;
  return server;
}

/** What most readers ask, before anything is made for it: a list that is in memory. */
function isAnsweredAtOnce(
  { crls, clock }: PublicationOptions,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { method, url = '' } = request;
  if ((method !== 'GET' && method !== 'HEAD') || !url.startsWith(CRL_FOLDER)) return false;
  return sendHot(crls, { name: url.slice(CRL_FOLDER.length), now: clock() }, { request, response });
}

function dispatch(options: PublicationOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  switch (request.method) {
    case 'POST':
      if (path === '/ocsp' || path === '/' || path === '/ocsp/') return postOcsp(options, request, response);
      return refuse(request, response, { status: 404, text: 'OCSP requests go to /ocsp\n' });
    case 'GET':
    case 'HEAD':
      return getResource(options, path, request, response);
    default:
      response.setHeader('allow', 'GET, HEAD, POST');
      return refuse(request, response, { status: 405, text: 'GET, HEAD or POST\n' });
  }
}

async function getResource(
  options: PublicationOptions,
  path: string,
  ...[request, response]: [IncomingMessage, ServerResponse]
): Promise<void> {
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
  return sendOcsp(options, der, { request, response });
}

async function postOcsp(
  options: PublicationOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/ocsp-request\s*(;|$)/i.test(type))
    return refuse(request, response, { status: 415, text: 'application/ocsp-request expected\n' });
  const body = await readBody(request, { bytesMax: LIMITS.ocspRequestBytesMax, deadlineMs: BODY_DEADLINE_MS });
  if (!body.ok) {
    response.setHeader('connection', 'close');
    return send(response, body.error.kind === 'too-large' ? 413 : 408, `${body.error.kind}\n`);
  }
  return sendOcsp(options, body.value, { request, response });
}

async function sendOcsp(
  { responder, metrics }: PublicationOptions,
  der: Bytes,
  { request, response }: Exchange,
): Promise<void> {
  const cached = responder.cached(der);
  metrics.ocspAnswers.inc({ from: cached === null ? 'signer' : 'cache' });
  const answer: OcspAnswer = cached ?? (await responder.answer(der));
  const headers: Record<string, string | number> = {
    'content-type': 'application/ocsp-response',
    'content-length': answer.bytes.length,
  };
  if (request.method === 'POST' || answer.cacheable === null) headers['cache-control'] = 'no-store';
  else {
    // RFC 9919 6.2.
    const { maxAgeMs, etag, lastModified, expires } = answer.cacheable;
    headers['cache-control'] = `max-age=${Math.floor(maxAgeMs / 1000)}, public, no-transform, must-revalidate`;
    headers.etag = etag;
    headers['last-modified'] = new Date(lastModified).toUTCString();
    headers.expires = new Date(expires).toUTCString();
    if (isFresh(request.headers, { etag, lastModified })) {
      delete headers['content-length'];
      response.writeHead(304, headers).end();
      return;
    }
  }
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : answer.bytes);
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
