/** OCSP answers over HTTP (RFC 9919 6.2), with what stands before them. */
import { SECOND_MS } from '../../kernel/duration.js';
import type { OcspAnswer } from '../../ocsp/answer.js';
import { type Exchange, isFresh } from './send-file.js';

/** Name and value by turns, as node:http takes them. */
export type OcspFields = {
  /** To a GET; those of 304. */
  readonly whole: readonly string[];
  readonly validators: readonly string[];
  readonly posted: readonly string[];
};

const NO_STORE = ['cache-control', 'no-store'];

export function ocspFields({ bytes, cacheable }: OcspAnswer): OcspFields {
  const octets = ['content-type', 'application/ocsp-response', 'content-length', String(bytes.length)];
  const posted = [...octets, ...NO_STORE];
  if (cacheable === null) return { whole: posted, validators: NO_STORE, posted };
  const { maxAgeMs, etag, lastModified, expires } = cacheable;
  const validators = [
    ...['cache-control', `max-age=${Math.floor(maxAgeMs / SECOND_MS)}, public, no-transform, must-revalidate`],
    ...['etag', etag, 'last-modified', new Date(lastModified).toUTCString()],
    ...['expires', new Date(expires).toUTCString()],
  ];
  return { whole: [...octets, ...validators], validators, posted };
}

/**
 * A date does not tell two answers of one second apart, of which the first may be `good` and the second `revoked`: who has a tag gets
 * 304, who has a date alone gets the answer, which is as short.
 */
export function sendOcspAnswer(answer: OcspAnswer, { request, response }: Exchange): void {
  const { method, headers } = request;
  const { whole, validators, posted } = ocspFields(answer);
  const etag = answer.cacheable?.etag ?? null;
  if (method === 'POST') response.writeHead(200, posted as string[]).end(answer.bytes);
  else if (etag !== null && isFresh(headers, { etag, lastModified: null }))
    response.writeHead(304, validators as string[]).end();
  else response.writeHead(200, whole as string[]).end(method === 'HEAD' ? undefined : answer.bytes);
}

export function isOcspRequest(contentType: string | null): boolean {
  return contentType !== null && /^application\/ocsp-request\s*(;|$)/i.test(contentType);
}
