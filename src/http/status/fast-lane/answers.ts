/**
 * The responses of the fast lane: OCSP responses, and published CRLs that are in memory. Each is
 * serialized once a second, with the same header fields that node:http is given.
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
 * RFC 9919 5 asks clients to POST requests of more than 255 bytes. Without this limit, 20,000 paths
 * of 96 kB would fill the memory.
 */
const PATH_CHARACTERS_MAX = 1_024;

/**
 * Caches the OCSP requests in GET paths, so that a path is decoded once. A full cache is cleared.
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
 * A substring keeps its complete string in memory: without a copy, 20,000 paths would keep request
 * heads of 8 kB each.
 */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Limit of the cache of one second, which is cleared when it is full. */
const SERIALIZED_MAX = 20_000;

/** A cache that is cleared every second, because the Date field changes. */
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
 * Near nextUpdate, max-age changes within a second, so a serialized answer is used only for the
 * same max-age.
 */
type SerializedAnswer = { readonly maxAgeS: number; readonly answer: FastLaneAnswer };

type OcspSerializer = (answer: OcspAnswer, request: FastLaneRequest, now: Instant) => FastLaneAnswer;

function createOcspSerializer(): OcspSerializer {
  const caches = {
    whole: createCacheOfSecond<Bytes, SerializedAnswer>(),
    notModified: createCacheOfSecond<Bytes, SerializedAnswer>(),
    posted: createCacheOfSecond<Bytes, SerializedAnswer>(),
  };
  return (answer, request, now) => {
    const { bytes, cacheable } = answer;
    const form = formOf(answer, request);
    const cache = caches[form](now);
    const maxAgeS = Math.floor((cacheable?.maxAgeMs ?? 0) / SECOND_MS);
    const cached = cache.get(bytes);
    if (cached?.maxAgeS === maxAgeS) return cached.answer;
    const fields = ocspFields(answer);
    const text =
      form === 'notModified'
        ? headOf('304 Not Modified', fields.validators, now)
        : headOf('200 OK', fields[form], now) + requestKey(bytes);
    if (cacheable !== null) cache.set(bytes, { maxAgeS, answer: text });
    return text;
  };
}

function formOf(
  { cacheable }: OcspAnswer,
  { method, ifNoneMatch }: FastLaneRequest,
): 'whole' | 'notModified' | 'posted' {
  if (method === 'POST') return 'posted';
  return cacheable !== null && matches(ifNoneMatch, cacheable.etag) ? 'notModified' : 'whole';
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch !== null && isFresh({ 'if-none-match': ifNoneMatch }, { etag, lastModified: null });
}

/**
 * A CRL up to this size is copied into one buffer with its head, once a second; a longer one is
 * written separately.
 */
const COPIED_BYTES_MAX = 16 * 1024;

/** null: the CRL is not in memory. */
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

/** Byte for byte the head that node:http writes. */
function headOf(status: string, fields: readonly string[], now: Instant): string {
  let head = `HTTP/1.1 ${status}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}Date: ${new Date(now).toUTCString()}\r\nConnection: keep-alive\r\n\r\n`;
}
