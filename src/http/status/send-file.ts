/**
 * GET and HEAD of one published list (RFC 9110): whole, in part, or not again. DER is sent as it is, never compressed: its
 * signature is over these octets, and readers of the field hash and store what comes.
 */
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Clock } from '../../ports/world.js';
import { createChunkBudget } from '../server/chunk-budget.js';
import { byteRangeOf } from './byte-range.js';
import { identityOf, type PublishedFile, type PublishedFiles } from './files.js';
import type { SlowReaders } from './slow-readers.js';

export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** At caches: what a list on demand may come late by. Never beyond nextUpdate. */
const CRL_MAX_AGE_S = 300;
const COPIED_BYTES_MAX = 64 * 1024;
/** Of all readers of this process. */
const budget = createChunkBudget();

/** Name and value by turns, as node:http takes them; those of 304, and those of all of it but its length. */
export type FileFields = { readonly validators: readonly string[]; readonly whole: readonly string[] };

/** Nobody keeps it beyond its nextUpdate. */
export function listMaxAgeS({ nextUpdate }: PublishedFile, now: Instant): number {
  const left = nextUpdate === null ? CRL_MAX_AGE_S : Math.floor((nextUpdate - now) / SECOND_MS);
  return Math.max(0, Math.min(CRL_MAX_AGE_S, left));
}

export function fileFields(file: PublishedFile, now: Instant): FileFields {
  const validators = [
    ...['cache-control', `max-age=${listMaxAgeS(file, now)}, public, no-transform, must-revalidate`],
    ...['etag', file.etag],
    ...(file.lastModified === null ? [] : ['last-modified', new Date(file.lastModified).toUTCString()]),
  ];
  return { validators, whole: ['content-type', 'application/pkix-crl', 'accept-ranges', 'bytes', ...validators] };
}

export type Lists = { readonly crls: PublishedFiles; readonly clock: Clock; readonly held: SlowReaders };

/** false: there is no such list. */
export async function sendFile({ crls, clock, held }: Lists, name: string, exchange: Exchange): Promise<boolean> {
  for (;;) {
    const file = await crls.find(name);
    if (file === null) return false;
    const { bytes } = file;
    if (bytes !== null) {
      const part = begin(file, clock(), exchange);
      if (part === null) return true;
      const asked = part.whole ? bytes : bytes.subarray(part.from, part.to + 1);
      // A few octets on their way would keep all of it.
      exchange.response.end(asked.length < COPIED_BYTES_MAX ? Buffer.from(asked) : asked);
      held.hold(bytes, exchange.request.socket);
      return true;
    }
    if (await sendLarge(file, { ...exchange, clock })) return true;
    // Another list took its name between the look and the opening.
    crls.changed();
  }
}

async function sendLarge(
  file: PublishedFile,
  { request, response, clock }: Exchange & { clock: Clock },
): Promise<boolean> {
  const handle = await open(file.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return false;
  try {
    if (identityOf(await handle.stat()) !== file.identity) return false;
    const part = begin(file, clock(), { request, response });
    if (part === null) return true;
    const highWaterMark = budget.take();
    try {
      const chunks = handle.createReadStream({ autoClose: false, start: part.from, end: part.to, highWaterMark });
      // Whoever asked may be gone by now, or go in the middle: then there is nobody to tell.
      await pipeline(chunks, response).catch(() => response.destroy());
    } finally {
      budget.giveBack(highWaterMark);
    }
    return true;
  } finally {
    await handle.close();
  }
}

type Part = { readonly whole: boolean; readonly from: number; readonly to: number };

/** Sends the head; what is to be sent after it, or null where that was all. */
function begin(file: PublishedFile, now: Instant, { request, response }: Exchange): Part | null {
  const { validators, whole } = fileFields(file, now);
  const { method, headers } = request;
  if (isFresh(headers, file)) {
    response.writeHead(304, validators as string[]).end();
    return null;
  }
  const range = method === 'GET' && headers.range !== undefined && rangeHolds(headers['if-range']?.toString(), file);
  const asked = range ? byteRangeOf(headers.range ?? '', file.sizeBytes) : 'whole';
  if (asked === 'unsatisfiable') {
    response.writeHead(416, [...validators, 'content-range', `bytes */${file.sizeBytes}`, 'content-length', '0']).end();
    return null;
  }
  if (asked === 'whole') response.writeHead(200, [...whole, 'content-length', String(file.sizeBytes)]);
  else {
    const { from, to } = asked;
    const lines = ['content-range', `bytes ${from}-${to}/${file.sizeBytes}`, 'content-length', String(to - from + 1)];
    response.writeHead(206, [...whole, ...lines]);
  }
  if (method === 'HEAD') {
    response.end();
    return null;
  }
  return asked === 'whole' ? { whole: true, from: 0, to: file.sizeBytes - 1 } : { whole: false, ...asked };
}

export type Conditions = Pick<IncomingMessage['headers'], 'if-none-match' | 'if-modified-since'>;
export type Validators = { readonly etag: string; readonly lastModified: Instant | null };

/**
 * RFC 9110 13.2.2: If-None-Match decides where it is present. A date has to be the very one that was told: the lists of a clock that was
 * ahead have later dates than those that came after them, and so has a reader that asks by the time at which it was here.
 */
export function isFresh(headers: Conditions, { etag, lastModified }: Validators): boolean {
  const match = headers['if-none-match'];
  if (match !== undefined)
    return match === etag || match === '*' || match.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  const since = headers['if-modified-since'];
  if (since === undefined || lastModified === null) return false;
  return Date.parse(since) === Math.floor(lastModified / SECOND_MS) * SECOND_MS;
}

/** RFC 9110 13.1.5: the part is wanted only of the list that the reader has the rest of. */
function rangeHolds(condition: string | undefined, { etag, lastModified }: Validators): boolean {
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === etag;
  return lastModified !== null && Date.parse(condition) === Math.floor(lastModified / SECOND_MS) * SECOND_MS;
}
