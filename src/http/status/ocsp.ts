/** Sends OCSP responses over HTTP, with the header fields of RFC 9919 7.2. */
import { SECOND_MS } from '../../kernel/duration.js';
import type { OcspAnswer } from '../../ocsp/answer.js';
import type { Exchange } from '../server/exchange.js';
import { isFresh } from './conditions.js';

/** Header fields as node:http takes them: names and values alternate. */
type OcspFields = {
  /** The fields of a 200 response. */
  readonly whole: readonly string[];
  /** The fields of a 304 response. */
  readonly validators: readonly string[];
};

/** The fields of an error response, or of a response with a nonce, which nobody else can use. */
const NO_STORE = ['cache-control', 'no-store'];

/**
 * Returns the header fields of a response. A response to a POST has the same fields as one to a
 * GET, because an authoritative response must not have `no-store` (RFC 9919 7.2). HTTP caches do
 * not reuse a response to a POST without a Content-Location (RFC 9110 9.3.3).
 */
export function ocspFields({ bytes, cacheable }: OcspAnswer): OcspFields {
  const content = ['content-type', 'application/ocsp-response', 'content-length', String(bytes.length)];
  if (cacheable === null) return { whole: [...content, ...NO_STORE], validators: NO_STORE };
  const { maxAgeMs, etag, lastModified, expires } = cacheable;
  const validators = [
    'cache-control',
    `max-age=${Math.floor(maxAgeMs / SECOND_MS)}, public, no-transform, must-revalidate`,
    'etag',
    etag,
    'last-modified',
    new Date(lastModified).toUTCString(),
    'expires',
    new Date(expires).toUTCString(),
  ];
  return { whole: [...content, ...validators], validators };
}

/**
 * Sends an OCSP response, or 304 to a GET if the entity tag of the client matches. A matching date
 * is not enough for 304: two responses of the same second may say `good` and then `revoked`.
 */
export function sendOcspAnswer(answer: OcspAnswer, { request, response }: Exchange): void {
  const { method, headers } = request;
  const { whole, validators } = ocspFields(answer);
  const etag = method === 'POST' ? null : (answer.cacheable?.etag ?? null);
  if (etag !== null && isFresh(headers, { etag, lastModified: null }))
    response.writeHead(304, validators as string[]).end();
  else response.writeHead(200, whole as string[]).end(method === 'HEAD' ? undefined : answer.bytes);
}

export function isOcspRequest(contentType: string | null): boolean {
  return contentType !== null && /^application\/ocsp-request\s*(;|$)/i.test(contentType);
}
