/**
 * Answers as lines of text, to be kept over a restart. Nothing in such a file is believed: an answer from it is never fresh, so that
 * the database is asked first and has to say the same, and its octets have to be those of its digest.
 */
import { createHash } from 'node:crypto';
import { fromBase64, toBase64 } from '../kernel/bytes.js';
import type { CachedAnswer } from './cache.js';
import type { CertStatus } from './decide.js';

export type KeptAnswer = readonly [key: string, answer: CachedAnswer];

const KINDS: readonly CertStatus['kind'][] = ['good', 'revoked'];

/** One line, without its end. */
export function writeKept([key, { bytes, about, etag, by, thisUpdate, nextUpdate, said }]: KeptAnswer): string {
  const request = Buffer.from(key, 'latin1').toString('base64');
  const answer = toBase64(bytes);
  return JSON.stringify({ request, answer, etag, by, thisUpdate, nextUpdate, about: [...about], said });
}

/** null: not a line of ours, or not whole. */
export function readKept(line: string): KeptAnswer | null {
  const value = parsed(line);
  if (value === null) return null;
  const { request, answer, etag, by, thisUpdate, nextUpdate, about, said } = value;
  if (typeof request !== 'string' || typeof answer !== 'string' || typeof etag !== 'string') return null;
  if (typeof by !== 'string' || typeof said !== 'string') return null;
  const [key, bytes] = [fromBase64(request), fromBase64(answer)];
  if (key === null || bytes === null || etag !== etagOf(bytes)) return null;
  if (!Number.isSafeInteger(thisUpdate) || !Number.isSafeInteger(nextUpdate) || !isAbout(about)) return null;
  const times = { thisUpdate: Number(thisUpdate), nextUpdate: Number(nextUpdate), freshUntil: 0 };
  return [Buffer.from(key).toString('latin1'), { bytes, etag, by, ...times, about: new Map(about), said }];
}

export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex')}"`;
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function isAbout(about: unknown): about is readonly (readonly [string, CertStatus['kind']])[] {
  if (!Array.isArray(about) || about.length === 0) return false;
  return about.every(
    (one: unknown) =>
      Array.isArray(one) && one.length === 2 && typeof one[0] === 'string' && KINDS.some((kind) => kind === one[1]),
  );
}
