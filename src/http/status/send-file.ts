/**
 * Answers GET and HEAD for one published CRL (RFC 9110): the whole file, a range, 304 or 412. A CRL
 * is never compressed, because its signature covers the DER bytes, and relying parties hash and
 * store the bytes that they receive.
 */
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { absent } from '../../kernel/errors.js';
import type { Clock } from '../../ports/world.js';
import { createChunkBudget } from '../server/chunk-budget.js';
import type { Exchange } from '../server/exchange.js';
import { byteRangeOf } from './byte-range.js';
import { evaluateConditions, ifRangeMatches } from './conditions.js';
import { fileIdentityOf, type ServedCrl, type ServedCrls } from './files.js';
import type { SlowReaders } from './slow-readers.js';

/**
 * How long HTTP caches may serve a CRL. A new CRL reaches the clients of a cache this much later at
 * most.
 */
const CRL_MAX_AGE_S = 300;
/** Contents that are shorter than this are copied before they are sent. */
const COPIED_BYTES_MAX = 64 * 1024;
/** Limits the memory for the chunks of all clients of this process together. */
const budget = createChunkBudget();

/**
 * Header fields as node:http takes them: names and values alternate. `validators`: the fields of a
 * 304 response. `whole`: the fields of a 200 response, without content-length.
 */
export type FileFields = { readonly validators: readonly string[]; readonly whole: readonly string[] };

/**
 * Returns the max-age in seconds. It never reaches beyond nextUpdate, so that no cache serves an
 * expired CRL.
 */
export function crlMaxAgeS({ nextUpdate }: ServedCrl, now: Instant): number {
  const left = nextUpdate === null ? CRL_MAX_AGE_S : Math.floor((nextUpdate - now) / SECOND_MS);
  return Math.max(0, Math.min(CRL_MAX_AGE_S, left));
}

export function fileFields(file: ServedCrl, now: Instant): FileFields {
  const validators = [
    'cache-control',
    `max-age=${crlMaxAgeS(file, now)}, public, no-transform, must-revalidate`,
    'etag',
    file.etag,
    ...(file.lastModified === null ? [] : ['last-modified', new Date(file.lastModified).toUTCString()]),
  ];
  return { validators, whole: ['content-type', 'application/pkix-crl', 'accept-ranges', 'bytes', ...validators] };
}

type FileSource = { readonly crls: ServedCrls; readonly clock: Clock; readonly slowReaders: SlowReaders };

/** Sends a CRL. Returns false if there is no such CRL; then nothing was sent. */
export async function sendFile(source: FileSource, name: string, exchange: Exchange): Promise<boolean> {
  const { crls, clock, slowReaders } = source;
  for (;;) {
    const file = await crls.find(name);
    if (file === null) return false;
    const { bytes } = file;
    if (bytes !== null) {
      const part = sendHead(file, clock(), exchange);
      if (part === null) return true;
      const requested = part.whole ? bytes : bytes.subarray(part.from, part.to + 1);
      // A short part is copied. A slice that waits in a socket would keep the whole CRL in memory,
      // so the whole CRL is counted then.
      const isCopied = requested.length < COPIED_BYTES_MAX;
      exchange.response.end(isCopied ? Buffer.from(requested) : requested);
      if (!isCopied) slowReaders.track(bytes, exchange.request.socket);
      return true;
    }
    if (await sendFromDisk(file, { ...exchange, clock })) return true;
    // The file was replaced after its metadata had been read, so it is searched again.
    crls.changed();
  }
}

async function sendFromDisk(
  file: ServedCrl,
  { request, response, clock }: Exchange & { clock: Clock },
): Promise<boolean> {
  const handle = await open(file.path).catch(absent);
  if (handle === null) return false;
  try {
    if (fileIdentityOf(await handle.stat()) !== file.identity) return false;
    const part = sendHead(file, clock(), { request, response });
    if (part === null) return true;
    const highWaterMark = budget.take();
    try {
      const chunks = handle.createReadStream({ autoClose: false, start: part.from, end: part.to, highWaterMark });
      // An error here means that the client has left, or that the file cannot be read. The head may
      // have been sent, so no error response is possible, and the connection is only closed.
      await pipeline(chunks, response).catch(() => response.destroy());
    } finally {
      budget.giveBack(highWaterMark);
    }
    return true;
  } finally {
    await handle.close();
  }
}

type FilePart = { readonly whole: boolean; readonly from: number; readonly to: number };

/**
 * Sends the head and returns the part of the file that must follow; null: no body follows, and the
 * response is complete.
 */
function sendHead(file: ServedCrl, now: Instant, { request, response }: Exchange): FilePart | null {
  const { validators, whole } = fileFields(file, now);
  const { method, headers } = request;
  const condition = evaluateConditions(headers, file);
  if (condition !== 'none') {
    if (condition === 'fresh') response.writeHead(304, validators as string[]).end();
    else response.writeHead(412, [...validators, 'content-length', '0']).end();
    return null;
  }
  const hasRange =
    method === 'GET' && headers.range !== undefined && ifRangeMatches(headers['if-range']?.toString(), file);
  const range = hasRange ? byteRangeOf(headers.range ?? '', file.sizeBytes) : 'whole';
  if (range === 'unsatisfiable') {
    response.writeHead(416, [...validators, 'content-range', `bytes */${file.sizeBytes}`, 'content-length', '0']).end();
    return null;
  }
  if (range === 'whole') response.writeHead(200, [...whole, 'content-length', String(file.sizeBytes)]);
  else {
    const { from, to } = range;
    const lines = ['content-range', `bytes ${from}-${to}/${file.sizeBytes}`, 'content-length', String(to - from + 1)];
    response.writeHead(206, [...whole, ...lines]);
  }
  if (method === 'HEAD') {
    response.end();
    return null;
  }
  return range === 'whole' ? { whole: true, from: 0, to: file.sizeBytes - 1 } : { whole: false, ...range };
}
