/**
 * Formats cached answers as lines of a file, and reads them after a restart. An answer is dropped
 * if its bytes do not match its digest, because the line is damaged then. A saved answer is not
 * fresh, so that it is used only if the database has the same statuses.
 */
import { fromBase64, toBase64 } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { isObject, parseJson } from '../kernel/json.js';
import type { CachedAnswer } from './cache.js';
import type { CertStatus } from './decide.js';

/**
 * A cached answer with its key, as it is saved. `freshUntil` is not saved, because an answer from
 * the file is not fresh until it has been compared with the database.
 */
export type SavedAnswer = readonly [key: string, answer: Omit<CachedAnswer, 'freshUntil'>];

const SHAREABLE_STATUSES: readonly CertStatus['kind'][] = ['good', 'revoked'];

/** Returns the answer as one line, without the line break. */
export function formatSavedAnswer([key, answer]: SavedAnswer): string {
  const { bytes, statusByCertificate, etag, signerKeyHash, thisUpdate, nextUpdate, statuses } = answer;
  return JSON.stringify({
    request: Buffer.from(key, 'latin1').toString('base64'),
    answer: toBase64(bytes),
    etag,
    signerKeyHash,
    thisUpdate,
    nextUpdate,
    about: [...statusByCertificate],
    statuses,
  });
}

/** Reads an answer from a line; null: the line is not in our format, or is truncated or damaged. */
export function parseSavedAnswer(line: string): SavedAnswer | null {
  const value = parseJson(line);
  if (!isObject(value)) return null;
  const { request, answer, etag, signerKeyHash, thisUpdate, nextUpdate, about, statuses } = value;
  if (typeof request !== 'string' || typeof answer !== 'string' || typeof etag !== 'string') return null;
  if (typeof signerKeyHash !== 'string' || typeof statuses !== 'string') return null;
  const [key, bytes] = [fromBase64(request), fromBase64(answer)];
  if (key === null || bytes === null || etag !== etagOf(bytes)) return null;
  if (!Number.isSafeInteger(thisUpdate) || !Number.isSafeInteger(nextUpdate) || !areStatusEntries(about)) return null;
  return [
    Buffer.from(key).toString('latin1'),
    {
      bytes,
      etag,
      signerKeyHash,
      thisUpdate: Number(thisUpdate),
      nextUpdate: Number(nextUpdate),
      statusByCertificate: new Map(about),
      statuses,
    },
  ];
}

/** Returns the ETag of a response: its SHA-256 in hex, in quotes. */
export function etagOf(bytes: Uint8Array): string {
  return `"${sha256Hex(bytes)}"`;
}

function areStatusEntries(about: unknown): about is readonly (readonly [string, CertStatus['kind']])[] {
  if (!Array.isArray(about) || about.length === 0) return false;
  return about.every(
    (entry: unknown) =>
      Array.isArray(entry) &&
      entry.length === 2 &&
      typeof entry[0] === 'string' &&
      SHAREABLE_STATUSES.some((kind) => kind === entry[1]),
  );
}
