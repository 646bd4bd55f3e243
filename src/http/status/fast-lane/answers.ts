/**
 * Makes the responses of the fast lane: OCSP responses, and published CRLs that are in memory. A
 * response that clients may cache is serialized about once a second, with the header fields that
 * node:http would send.
 */
import type { Bytes } from '../../../kernel/bytes.js';
import type { Instant } from '../../../kernel/clock.js';
import { SECOND_MS } from '../../../kernel/duration.js';
import { LIMITS } from '../../../kernel/limits.js';
import type { Metrics } from '../../../observe/metrics.js';
import type { OcspAnswer } from '../../../ocsp/answer.js';
import { requestKey } from '../../../ocsp/cache.js';
import type { OcspResponder } from '../../../operations/status/answer-ocsp.js';
import type { Clock } from '../../../ports/world.js';
import { isFresh } from '../conditions.js';
import type { ServedCrl, ServedCrls } from '../files.js';
import { isOcspRequest, ocspFields } from '../ocsp.js';
import { isOcspPath, resourceAt } from '../paths.js';
import { crlMaxAgeS, type FileFields, fileFields } from '../send-file.js';
import type { FastLaneAnswer, FastLaneServe } from './lane.js';
import type { FastLaneRequest } from './request.js';

type FastLaneWorld = {
  readonly responder: Pick<OcspResponder, 'answer' | 'cached'>;
  readonly crls: Pick<ServedCrls, 'findCached' | 'find'>;
  readonly practiceStatement: { readonly path: string };
  readonly clock: Clock;
  readonly metrics: { readonly ocspAnswers: Pick<Metrics['ocspAnswers'], 'count'> };
};

export function createFastLaneServe(world: FastLaneWorld): FastLaneServe {
  const { responder, crls, clock, metrics } = world;
  const serializeOcsp = createOcspSerializer();
  const serializeCrl = createCrlSerializer();
  const requestKeys = createRequestKeyCache();

  const respond = (answer: OcspAnswer, request: FastLaneRequest): FastLaneAnswer => {
    metrics.ocspAnswers.count(answer.source);
    return serializeOcsp(answer, request, clock());
  };
  const ocsp = (requestDer: Bytes, request: FastLaneRequest): Promise<FastLaneAnswer> =>
    responder.answer(requestDer).then((answer) => {
      if (request.method === 'GET' && answer.cacheable !== null) requestKeys.set(request.target, requestDer);
      return respond(answer, request);
    });
  const cached = (key: string | null, request: FastLaneRequest): FastLaneAnswer | null => {
    const answer = key === null ? null : responder.cached(key);
    return answer === null ? null : respond(answer, request);
  };
  const crl = (name: string, request: FastLaneRequest): FastLaneAnswer | null | Promise<FastLaneAnswer | null> => {
    const file = crls.findCached(name);
    if (file !== null) return serializeCrl(file, request, clock());
    return crls.find(name).then((found) => (found === null ? null : serializeCrl(found, request, clock())));
  };
  const get = (request: FastLaneRequest): FastLaneAnswer | null | Promise<FastLaneAnswer | null> => {
    const answer = cached(requestKeys.get(request.target), request);
    if (answer !== null) return answer;
    const resource = resourceAt(request.target, world.practiceStatement.path);
    if (resource?.kind === 'crl') return crl(resource.name, request);
    return resource?.kind === 'ocsp' ? ocsp(resource.requestDer, request) : null;
  };
  const post = (request: FastLaneRequest, body: Buffer): FastLaneAnswer | null | Promise<FastLaneAnswer> => {
    const { target, contentType, bodyBytes } = request;
    if (!isOcspPath(target) || !isOcspRequest(contentType) || bodyBytes > LIMITS.ocspRequestBytesMax) return null;
    return cached(requestKey(body), request) ?? ocsp(body, request);
  };
  return (request, body) => (request.method === 'GET' ? get(request) : post(request, body));
}

const REQUEST_KEYS_MAX = 20_000;
/**
 * Longer paths are not cached, because 20,000 paths of 8 KiB (the longest that the fast lane reads)
 * would take 160 MB. Long paths are rare: RFC 9919 6 asks clients to use POST for requests of more
 * than 255 bytes.
 */
const PATH_CHARACTERS_MAX = 1_024;

/**
 * Caches the key of the OCSP request that a GET path contains, so that each path is decoded once. A
 * full cache is cleared.
 */
function createRequestKeyCache() {
  const keys = new Map<string, string>();
  return {
    get: (path: string): string | null => keys.get(path) ?? null,
    set: (path: string, requestDer: Bytes): void => {
      if (path.length > PATH_CHARACTERS_MAX) return;
      if (keys.size >= REQUEST_KEYS_MAX) keys.clear();
      keys.set(copyOf(path), requestKey(requestDer));
    },
  };
}

/**
 * Copies a string. In V8 a substring keeps the whole string in memory, so without the copy, 20,000
 * cached paths would keep 20,000 request heads of 8 KiB.
 */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Limit of the entries of a cache for one second. A full cache is cleared. */
const SERIALIZED_MAX = 20_000;

/** Makes a cache that is cleared when the second changes, because the Date field changes then. */
function createCacheOfSecond<Key, Value>() {
  const cache = new Map<Key, Value>();
  let second = Number.NaN;
  return (now: Instant): Map<Key, Value> => {
    const current = Math.floor(now / SECOND_MS);
    if (current !== second || cache.size >= SERIALIZED_MAX) cache.clear();
    second = current;
    return cache;
  };
}

/**
 * A serialized response. Near nextUpdate, max-age may change within a second, so the response is
 * used again only with the same max-age.
 */
type SerializedAnswer = { readonly maxAgeS: number; readonly answer: FastLaneAnswer };

type OcspSerializer = (answer: OcspAnswer, request: FastLaneRequest, now: Instant) => FastLaneAnswer;

function createOcspSerializer(): OcspSerializer {
  const caches = {
    whole: createCacheOfSecond<Bytes, SerializedAnswer>(),
    notModified: createCacheOfSecond<Bytes, SerializedAnswer>(),
  };
  return (answer, request, now) => {
    const { bytes, cacheable } = answer;
    const isNotModified =
      cacheable !== null && request.method === 'GET' && matches(request.ifNoneMatch, cacheable.etag);
    const cache = caches[isNotModified ? 'notModified' : 'whole'](now);
    const maxAgeS = Math.floor((cacheable?.maxAgeMs ?? 0) / SECOND_MS);
    const cached = cache.get(bytes);
    if (cached?.maxAgeS === maxAgeS) return cached.answer;
    const fields = ocspFields(answer);
    const text = isNotModified
      ? headOf('304 Not Modified', fields.validators, now)
      : headOf('200 OK', fields.whole, now) + requestKey(bytes);
    if (cacheable !== null) cache.set(bytes, { maxAgeS, answer: text });
    return text;
  };
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch !== null && isFresh({ 'if-none-match': ifNoneMatch }, { etag, lastModified: null });
}

/**
 * A CRL up to this size is copied into one buffer with its head, which is written at once. The head
 * and the bytes of a longer CRL are written separately.
 */
const COPIED_BYTES_MAX = 16 * 1024;

/** Returns the response with a CRL; null: the CRL is not in memory, and node:http must send it. */
type CrlSerializer = (file: ServedCrl, request: FastLaneRequest, now: Instant) => FastLaneAnswer | null;

function createCrlSerializer(): CrlSerializer {
  const caches = {
    whole: createCacheOfSecond<ServedCrl, SerializedAnswer>(),
    notModified: createCacheOfSecond<ServedCrl, SerializedAnswer>(),
  };
  return (file, { ifNoneMatch }, now) => {
    const { bytes } = file;
    if (bytes === null) return null;
    const isNotModified = matches(ifNoneMatch, file.etag);
    const cache = caches[isNotModified ? 'notModified' : 'whole'](now);
    const maxAgeS = crlMaxAgeS(file, now);
    const cached = cache.get(file);
    if (cached?.maxAgeS === maxAgeS) return cached.answer;
    const fields = fileFields(file, now);
    const answer = isNotModified ? headOf('304 Not Modified', fields.validators, now) : wholeCrl(bytes, fields, now);
    cache.set(file, { maxAgeS, answer });
    return answer;
  };
}

function wholeCrl(bytes: Buffer, { whole }: FileFields, now: Instant): FastLaneAnswer {
  const head = headOf('200 OK', [...whole, 'content-length', String(bytes.length)], now);
  const isLong = bytes.length > COPIED_BYTES_MAX;
  return isLong ? { head, bytes } : Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** Writes the head of a response, byte for byte as node:http writes it. */
function headOf(status: string, fields: readonly string[], now: Instant): string {
  let head = `HTTP/1.1 ${status}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}Date: ${new Date(now).toUTCString()}\r\nConnection: keep-alive\r\n\r\n`;
}
