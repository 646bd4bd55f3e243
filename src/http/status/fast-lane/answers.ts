/**
 * What is answered in the lane: OCSP, and published lists that are in memory. An answer and what stands before it are put together once
 * a second, of the same fields that node:http is given.
 */
import type { Bytes } from '../../../kernel/bytes.js';
import type { Instant } from '../../../kernel/clock.js';
import { SECOND_MS } from '../../../kernel/duration.js';
import { LIMITS } from '../../../kernel/limits.js';
import type { OcspAnswer } from '../../../ocsp/answer.js';
import { requestKey } from '../../../ocsp/cache.js';
import type { OcspResponder } from '../../../operations/status/answer-ocsp.js';
import type { Clock } from '../../../ports/world.js';
import type { PublishedFile, PublishedFiles } from '../files.js';
import { isOcspRequest, ocspFields } from '../ocsp.js';
import { isOcspPath, placeOf } from '../paths.js';
import { type FileFields, fileFields, isFresh, listMaxAgeS } from '../send-file.js';
import type { FastLaneAnswer, FastLaneServe } from './lane.js';
import type { FastLaneRequest } from './request.js';

export type FastLaneWorld = {
  readonly responder: Pick<OcspResponder, 'answer' | 'cached'>;
  readonly crls: Pick<PublishedFiles, 'hot' | 'find'>;
  readonly practiceStatement: { readonly path: string };
  readonly clock: Clock;
  readonly answered: (source: OcspAnswer['source']) => void;
};

export function createFastLaneServe(world: FastLaneWorld): FastLaneServe {
  const { responder, crls, clock, answered } = world;
  const texts = { ocsp: createOcspTexts(), list: createListTexts() };
  const keys = createKnownAddresses();

  const tell = (answer: OcspAnswer, request: FastLaneRequest): FastLaneAnswer => {
    answered(answer.source);
    return texts.ocsp(answer, request, clock());
  };
  const ocsp = (requestDer: Bytes, request: FastLaneRequest): Promise<FastLaneAnswer> =>
    responder.answer(requestDer).then((answer) => {
      if (request.method === 'GET' && answer.cacheable !== null) keys.remember(request.target, requestDer);
      return tell(answer, request);
    });
  const cached = (key: string | null, request: FastLaneRequest): FastLaneAnswer | null => {
    const answer = key === null ? null : responder.cached(key);
    return answer === null ? null : tell(answer, request);
  };
  const list = (name: string, request: FastLaneRequest): FastLaneAnswer | null | Promise<FastLaneAnswer | null> => {
    const file = crls.hot(name);
    if (file !== null) return texts.list(file, request, clock());
    return crls.find(name).then((found) => (found === null ? null : texts.list(found, request, clock())));
  };
  const get = (request: FastLaneRequest): FastLaneAnswer | null | Promise<FastLaneAnswer | null> => {
    const known = cached(keys.find(request.target), request);
    if (known !== null) return known;
    const place = placeOf(request.target, world.practiceStatement.path);
    if (place?.kind === 'list') return list(place.name, request);
    return place?.kind === 'ocsp' ? ocsp(place.requestDer, request) : null;
  };
  const post = (request: FastLaneRequest, body: Buffer): FastLaneAnswer | null | Promise<FastLaneAnswer> => {
    const { target, contentType, bodyBytes } = request;
    if (!isOcspPath(target) || !isOcspRequest(contentType) || bodyBytes > LIMITS.ocspRequestBytesMax) return null;
    return cached(requestKey(body), request) ?? ocsp(body, request);
  };
  return (request, body) => (request.method === 'GET' ? get(request) : post(request, body));
}

const ADDRESSES_MAX = 20_000;
/** RFC 9919 5 has requests of more than 255 octets posted: 20,000 addresses of 96 kB would be all the memory there is. */
const ADDRESS_CHARACTERS_MAX = 1_024;

/** Which request an address says, so that it need not be decoded; begun anew when there are too many. */
function createKnownAddresses() {
  const keys = new Map<string, string>();
  return {
    find: (target: string): string | null => keys.get(target) ?? null,
    remember: (target: string, requestDer: Bytes): void => {
      if (target.length > ADDRESS_CHARACTERS_MAX) return;
      if (keys.size >= ADDRESSES_MAX) keys.clear();
      keys.set(copyOf(target), requestKey(requestDer));
    },
  };
}

/** Part of a string, as an address is of its head, keeps all of it in memory: 20,000 heads of 8 kB. */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** What was put together in this second, and no more than so much of it. */
const KEPT_MAX = 20_000;

function createOfThisSecond<K, V>() {
  const kept = new Map<K, V>();
  let second = Number.NaN;
  return (now: Instant): Map<K, V> => {
    const current = Math.floor(now / SECOND_MS);
    if (current !== second || kept.size >= KEPT_MAX) kept.clear();
    second = current;
    return kept;
  };
}

type OcspTexts = (answer: OcspAnswer, request: FastLaneRequest, now: Instant) => FastLaneAnswer;
/** Near nextUpdate, how long it may be kept changes within a second. */
type Told = { readonly maxAgeS: number; readonly answer: FastLaneAnswer };

function createOcspTexts(): OcspTexts {
  const kept = {
    whole: createOfThisSecond<Bytes, Told>(),
    notModified: createOfThisSecond<Bytes, Told>(),
    posted: createOfThisSecond<Bytes, Told>(),
  };
  return (answer, request, now) => {
    const { bytes, cacheable } = answer;
    const form = formOf(answer, request);
    const told = kept[form](now);
    const maxAgeS = Math.floor((cacheable?.maxAgeMs ?? 0) / SECOND_MS);
    const before = told.get(bytes);
    if (before?.maxAgeS === maxAgeS) return before.answer;
    const fields = ocspFields(answer);
    const text =
      form === 'notModified'
        ? headOf('304 Not Modified', fields.validators, now)
        : headOf('200 OK', fields[form], now) + requestKey(bytes);
    if (cacheable !== null) told.set(bytes, { maxAgeS, answer: text });
    return text;
  };
}

function formOf(
  { cacheable }: OcspAnswer,
  { method, ifNoneMatch }: FastLaneRequest,
): 'whole' | 'notModified' | 'posted' {
  if (method === 'POST') return 'posted';
  return cacheable !== null && isTold(ifNoneMatch, cacheable.etag) ? 'notModified' : 'whole';
}

function isTold(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch !== null && isFresh({ 'if-none-match': ifNoneMatch }, { etag, lastModified: null });
}

/** Copied behind its head, anew each second; a longer list goes out as it is. */
const ONE_PIECE_BYTES_MAX = 16 * 1024;

type ListTexts = (file: PublishedFile, request: FastLaneRequest, now: Instant) => FastLaneAnswer | null;

/** null: it is not in memory. */
function createListTexts(): ListTexts {
  const kept = {
    whole: createOfThisSecond<PublishedFile, Told>(),
    notModified: createOfThisSecond<PublishedFile, Told>(),
  };
  return (file, { ifNoneMatch }, now) => {
    const { bytes } = file;
    if (bytes === null) return null;
    const isKnown = isTold(ifNoneMatch, file.etag);
    const told = kept[isKnown ? 'notModified' : 'whole'](now);
    const maxAgeS = listMaxAgeS(file, now);
    const before = told.get(file);
    if (before?.maxAgeS === maxAgeS) return before.answer;
    const fields = fileFields(file, now);
    const answer = isKnown ? headOf('304 Not Modified', fields.validators, now) : wholeList(bytes, fields, now);
    told.set(file, { maxAgeS, answer });
    return answer;
  };
}

function wholeList(bytes: Buffer, { whole }: FileFields, now: Instant): FastLaneAnswer {
  const head = headOf('200 OK', [...whole, 'content-length', String(bytes.length)], now);
  const isLong = bytes.length > ONE_PIECE_BYTES_MAX;
  return isLong ? { head, bytes } : Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** As node:http writes it. */
function headOf(status: string, fields: readonly string[], now: Instant): string {
  let head = `HTTP/1.1 ${status}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}Date: ${new Date(now).toUTCString()}\r\nConnection: keep-alive\r\n\r\n`;
}
