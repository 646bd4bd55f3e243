/** OCSP answers over HTTP (RFC 9919 6.2): what stands before them, made once a second for each, and the way past all that is slow. */
import type { IncomingMessage } from 'node:http';
import type { Bytes } from '../kernel/bytes.js';
import { SECOND_MS } from '../kernel/duration.js';
import { LIMITS } from '../kernel/limits.js';
import type { OcspAnswer } from '../ocsp/answer.js';
import { requestKey } from '../ocsp/cache.js';
import type { OcspResponder } from '../operations/answer-ocsp.js';
import { conditionsOf, type Exchange, isFresh } from './send-file.js';

type Cacheable = NonNullable<OcspAnswer['cacheable']>;

/**
 * Name and value by turns, as node:http writes them without looking; and the answer as a text of one octet a character, which goes out
 * with its head in one piece (of octets node:http makes two, and a call of the system that gathers them).
 */
type Described = {
  readonly expires: number;
  readonly maxAge: number;
  readonly validators: string[];
  readonly whole: string[];
  readonly posted: string[];
  readonly text: string;
};

/** By the octets of an answer, which are one array for as long as it is kept. */
const described = new WeakMap<Bytes, Described>();

function describe({ bytes }: OcspAnswer, { maxAgeMs, etag, lastModified, expires }: Cacheable): Described {
  const second = Math.floor(expires / SECOND_MS);
  // Near nextUpdate the end stays where it is, and what is left until then does not.
  const maxAge = Math.floor(maxAgeMs / SECOND_MS);
  const known = described.get(bytes);
  if (known?.expires === second && known.maxAge === maxAge) return known;
  const validators = [
    ...['cache-control', `max-age=${maxAge}, public, no-transform, must-revalidate`],
    ...['etag', etag, 'last-modified', new Date(lastModified).toUTCString()],
    ...['expires', new Date(expires).toUTCString()],
  ];
  const octets = ['content-type', TYPE, 'content-length', String(bytes.length)];
  const text = known?.text ?? latin1Of(bytes);
  const whole = [...octets, ...validators];
  const fresh = { expires: second, maxAge, validators, whole, posted: [...octets, ...NO_STORE], text };
  described.set(bytes, fresh);
  return fresh;
}

const TYPE = 'application/ocsp-response';
const NO_STORE = ['cache-control', 'no-store'];

function latin1Of(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * A date does not tell two answers of one second apart, of which the first may be `good` and the second `revoked`: who has a tag gets
 * 304, who has a date alone gets the answer, which is as short.
 */
export function sendOcspAnswer(answer: OcspAnswer, { request, response }: Exchange): void {
  const { bytes, cacheable } = answer;
  const { method } = request;
  if (cacheable === null) {
    const headers = ['content-type', TYPE, 'content-length', String(bytes.length), ...NO_STORE];
    response.writeHead(200, headers).end(method === 'HEAD' ? undefined : bytes);
    return;
  }
  const { validators, whole, posted, text } = describe(answer, cacheable);
  if (method === 'POST') response.writeHead(200, posted).end(text, 'latin1');
  else if (isFresh(conditionsOf(request), { etag: cacheable.etag, lastModified: null }))
    response.writeHead(304, validators).end();
  else if (method === 'HEAD') response.writeHead(200, whole).end();
  else response.writeHead(200, whole).end(text, 'latin1');
}

/** Addresses whose request is known; a map of strings that is begun anew when it is full. */
const ADDRESSES_MAX = 20_000;
/**
 * RFC 9919 5 has requests of more than 255 octets posted. What is longer says many certificates, or names that change nothing of
 * the answer: 20,000 of 96 kB would be all the memory there is.
 */
const ADDRESS_CHARACTERS_MAX = 1_024;

export type HotOcsp = {
  /** True: it is answered. */
  readonly get: (url: string, exchange: Exchange) => boolean;
  /** True: it is being answered, now or by `other` when what was posted is not in memory or not all there yet. */
  readonly post: (exchange: Exchange, other: (first: Buffer) => void) => boolean;
  /** What an address asks, so that the next one who comes there is not waited for. */
  readonly remember: (url: string, der: Bytes) => void;
};

/** Answers that are in memory: found by the octets of the request, or by the address that says them, before anything is parsed. */
export function createHotOcsp(responder: Pick<OcspResponder, 'cached'>, sent: (answer: OcspAnswer) => void): HotOcsp {
  const keys = new Map<string, string>();

  function answered(key: string, exchange: Exchange): boolean {
    const answer = responder.cached(key);
    if (answer === null) return false;
    sent(answer);
    sendOcspAnswer(answer, exchange);
    return true;
  }

  return {
    get: (url, exchange) => {
      const key = keys.get(url);
      return key !== undefined && answered(key, exchange);
    },
    post: ({ request, response }, other) => {
      const length = Number(request.headers['content-length']);
      if (!isOcspRequest(request) || !(length > 0 && length <= LIMITS.ocspRequestBytesMax)) return false;
      request.once('data', (first: Buffer) => {
        if (first.length !== length || !answered(requestKey(first), { request, response })) other(first);
      });
      return true;
    },
    remember: (url, der) => {
      if (url.length > ADDRESS_CHARACTERS_MAX) return;
      if (keys.size >= ADDRESSES_MAX) keys.clear();
      keys.set(url, requestKey(der));
    },
  };
}

export function isOcspRequest({ headers }: IncomingMessage): boolean {
  const type = headers['content-type'] ?? '';
  return type === 'application/ocsp-request' || /^application\/ocsp-request\s*(;|$)/i.test(type);
}
