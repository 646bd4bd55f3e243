/**
 * For relying parties, over plain HTTP: OCSP by POST and GET, CRLs, CA certificates and chains. On node:http itself: what
 * card readers wait for is answered from memory before any framework. Bad input is an OCSP error or a 4xx, in any amount.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bytes } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import type { Metrics } from '../observe/metrics.js';
import { ocspRequestFromPath } from '../ocsp/request-path.js';
import type { OcspAnswer, OcspResponder } from '../operations/answer-ocsp.js';
import type { Log } from '../ports/world.js';
import { readBody } from './body.js';

export type PublicationOptions = {
  readonly responder: OcspResponder;
  /** Folder of the published CRLs. */
  readonly crlFolder: string;
  /** CA certificates and chains by file name, `ACI-FO-PP.cer`: few and fixed while the process runs. */
  readonly authorities: ReadonlyMap<string, () => Promise<Bytes>>;
  /** What `/PC` of the environment says, when this service is its address. */
  readonly practiceStatement: { readonly path: string; readonly text: string };
  readonly metrics: Metrics;
  readonly log: Log;
};

const BODY_DEADLINE_MS = 10_000;
const AUTHORITY_MAX_AGE_S = 86_400;
const CRL_MAX_AGE_S = 300;
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
  if (crl !== undefined) return sendCrl(options, crl, { request, response });
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

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

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
    if (isFresh(request, { etag, lastModified })) {
      delete headers['content-length'];
      response.writeHead(304, headers).end();
      return;
    }
  }
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : answer.bytes);
}

type Validators = { readonly etag: string; readonly lastModified: number };

/** RFC 9110 13.2.2: If-None-Match decides where it is present. */
function isFresh(request: IncomingMessage, { etag, lastModified }: Validators): boolean {
  const match = request.headers['if-none-match'];
  if (match !== undefined)
    return match === '*' || match.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(lastModified / 1000) * 1000 <= since;
}

/** The list that was opened is the one that is described and sent, whole, whatever takes its name meanwhile. */
async function sendCrl(
  { crlFolder }: PublicationOptions,
  name: string,
  { request, response }: Exchange,
): Promise<void> {
  const file = await open(join(crlFolder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    // A list that cannot be read now is not one that is not there: 503, and the reader comes again.
    throw error;
  });
  if (file === null) return send(response, 404, 'no such CRL\n');
  try {
    await sendOpened(file, { request, response });
  } finally {
    await file.close();
  }
}

async function sendOpened(file: FileHandle, { request, response }: Exchange): Promise<void> {
  const found = await file.stat();
  if (!found.isFile()) return send(response, 404, 'no such CRL\n');
  const etag = `"${found.ino.toString(16)}-${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`;
  const headers = {
    'content-type': 'application/pkix-crl',
    'content-length': found.size,
    'cache-control': `max-age=${CRL_MAX_AGE_S}, public, no-transform, must-revalidate`,
    etag,
    'last-modified': found.mtime.toUTCString(),
  };
  if (isFresh(request, { etag, lastModified: found.mtimeMs })) {
    const { 'content-length': _length, ...validators } = headers;
    response.writeHead(304, validators).end();
    return;
  }
  response.writeHead(200, headers);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // Whoever asked may be gone by now, or go in the middle: then there is nobody to tell.
  await pipeline(file.createReadStream({ autoClose: false }), response).catch(() => response.destroy());
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
  if (isFresh(request, { etag, lastModified: Number.POSITIVE_INFINITY })) response.writeHead(304, headers).end();
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
