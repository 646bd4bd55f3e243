/** Sends OCSP responses over HTTP, with the header fields of RFC 9919 7.2. */
import { SECOND_MS } from '../../kernel/duration.js';
import type { OcspAnswer } from '../../ocsp/answer.js';
import type { Exchange } from '../server/exchange.js';
import { isFresh } from './conditions.js';

/** Header fields as node:http takes them: names and values alternate. */
type OcspFields = {
  /** The fields of a 200 response to a GET. */
  readonly whole: readonly string[];
  /** The fields of a 304 response. */
  readonly validators: readonly string[];
  /** The fields of a 200 response to a POST. */
  readonly posted: readonly string[];
};

const NO_STORE = ['cache-control', 'no-store'];

export function ocspFields({ bytes, cacheable }: OcspAnswer): OcspFields {
  const content = ['content-type', 'application/ocsp-response', 'content-length', String(bytes.length)];
  const posted = [...content, ...NO_STORE];
  if (cacheable === null) return { whole: posted, validators: NO_STORE, posted };
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
  return { whole: [...content, ...validators], validators, posted };
}

/**
 * Sends an OCSP response, or 304 if the entity tag of the client matches. A matching date is not
 * enough for 304: two responses of the same second may say `good` and then `revoked`.
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
