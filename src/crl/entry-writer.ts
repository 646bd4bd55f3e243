/**
 * Writes entries of revokedCertificates (RFC 5280 5.1.2.6 and 5.3) directly into large buffers,
 * because a CRL of a whole country has a million of them. Each entry has at most 82 bytes, so every
 * length in it is one byte.
 */
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../kernel/duration.js';
import { LIMITS } from '../kernel/limits.js';
import type { RevokedEntry } from '../ports/store/crls.js';
import { reasonNumber } from '../x509/extensions/reason-code.js';

const CHUNK_BYTES = 64 * 1024;
const UTC_TIME_FROM = Date.UTC(1950, 0, 1);
const UTC_TIME_UNTIL = Date.UTC(2050, 0, 1);
/** SEQUENCE, serial of 20 bytes and a sign byte, GeneralizedTime, both extensions. */
const ENTRY_BYTES_MAX = 2 + 23 + 17 + 2 + 12 + 26;

/** Extension { reasonCode, OCTET STRING { ENUMERATED } } without the code itself. */
const REASON_PREFIX = Uint8Array.of(0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01);
/** Extension { invalidityDate, OCTET STRING { GeneralizedTime } } without its 15 characters. */
const INVALIDITY_PREFIX = Uint8Array.of(0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11, 0x18, 0x0f);

export type EntryTotals = { readonly entries: number; readonly bytes: number };

type EntryWriter = {
  /**
   * Returns the chunks that this batch has filled, in order; the last entries may stay in the
   * buffer.
   */
  readonly write: (batch: readonly RevokedEntry[]) => readonly Bytes[];
  /** Returns the entries that are still in the buffer; null: there are none. */
  readonly flush: () => Bytes | null;
  readonly totals: () => EntryTotals;
};

/**
 * The position of the next byte. All entries share one object, because a million allocations would
 * be slow.
 */
type Cursor = { buffer: Bytes; at: number; readonly days: DayCache };

/** `latest` limits the revocation dates, which may come from a node whose clock is ahead. */
export function createEntryWriter(latest: Instant = Number.POSITIVE_INFINITY): EntryWriter {
  const cursor: Cursor = { buffer: new Uint8Array(CHUNK_BYTES), at: 0, days: createDayCache() };
  let entries = 0;
  let flushedBytes = 0;

  const flush = (): Bytes | null => {
    if (cursor.at === 0) return null;
    const chunk = cursor.buffer.subarray(0, cursor.at);
    flushedBytes += cursor.at;
    cursor.buffer = new Uint8Array(CHUNK_BYTES);
    cursor.at = 0;
    return chunk;
  };

  const write = (batch: readonly RevokedEntry[]): readonly Bytes[] => {
    const full: Bytes[] = [];
    for (const entry of batch) {
      if (cursor.at + ENTRY_BYTES_MAX > CHUNK_BYTES) {
        const chunk = flush();
        if (chunk !== null) full.push(chunk);
      }
      writeEntry(cursor, entry, latest);
      entries += 1;
    }
    return full;
  };

  return { write, flush, totals: () => ({ entries, bytes: flushedBytes + cursor.at }) };
}

type DayCache = (day: number) => Bytes;
const DAYS_CACHED_MAX = 20_000;

/**
 * Caches `YYYYMMDD` in ASCII by the number of days since 1970, because many revocations share a
 * day.
 */
function createDayCache(): DayCache {
  const known = new Map<number, Bytes>();
  return (day) => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const digits = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    assert(digits.length === 8, 'a year of four digits');
    if (known.size >= DAYS_CACHED_MAX) known.clear();
    const bytes = Buffer.from(digits, 'latin1');
    known.set(day, bytes);
    return bytes;
  };
}

function writeEntry(cursor: Cursor, { serial, at, reason, invalidityDate }: RevokedEntry, latest: Instant): void {
  const { buffer } = cursor;
  const start = cursor.at;
  cursor.at += 2;
  writeSerial(cursor, serial);
  writeTime(cursor, Math.min(at, latest));
  // The extension must be absent instead of `unspecified` (5.3.1).
  const code = reasonNumber(reason);
  const extensionBytes = (code === 0 ? 0 : REASON_PREFIX.length + 1) + (invalidityDate === null ? 0 : 26);
  if (extensionBytes > 0) {
    buffer[cursor.at++] = 0x30;
    buffer[cursor.at++] = extensionBytes;
  }
  if (code !== 0) {
    writeBytes(cursor, REASON_PREFIX);
    buffer[cursor.at++] = code;
  }
  if (invalidityDate !== null) {
    writeBytes(cursor, INVALIDITY_PREFIX);
    writeDigits(cursor, invalidityDate, 0);
  }
  buffer[start] = 0x30;
  buffer[start + 1] = cursor.at - start - 2;
}

function writeBytes(cursor: Cursor, bytes: Bytes): void {
  for (let index = 0; index < bytes.length; index += 1) cursor.buffer[cursor.at++] = bytes[index] as number;
}

/** A positive INTEGER in the fewest octets (X.690 8.3.2) from lower-case hex of even length. */
function writeSerial(cursor: Cursor, hex: string): void {
  const { buffer } = cursor;
  let first = 0;
  while (first < hex.length - 2 && hex.charCodeAt(first) === 0x30 && hex.charCodeAt(first + 1) === 0x30) first += 2;
  const length = (hex.length - first) >> 1;
  assert(length > 0 && length <= LIMITS.serialOctetsMax && hex.length % 2 === 0, 'a serial number has 1 to 20 bytes');
  const sign = nibble(hex.charCodeAt(first)) >= 8 ? 1 : 0;
  buffer[cursor.at++] = 0x02;
  buffer[cursor.at++] = length + sign;
  if (sign === 1) buffer[cursor.at++] = 0;
  let wrong = 0;
  for (let digit = first; digit < hex.length; digit += 2) {
    const high = nibble(hex.charCodeAt(digit));
    const low = nibble(hex.charCodeAt(digit + 1));
    wrong |= high | low;
    buffer[cursor.at++] = (high << 4) | low;
  }
  assert(wrong < 16, 'a serial number is lower-case hex');
}

/** Returns 16 for anything but a lower-case hex digit. */
function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : 16;
}

/**
 * UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 5.1.2.6); whole seconds, rounded down.
 */
function writeTime(cursor: Cursor, at: Instant): void {
  const utc = at >= UTC_TIME_FROM && at < UTC_TIME_UNTIL;
  cursor.buffer[cursor.at++] = utc ? 0x17 : 0x18;
  cursor.buffer[cursor.at++] = utc ? 13 : 15;
  writeDigits(cursor, at, utc ? 2 : 0);
}

/** `YYYYMMDDhhmmssZ` without its first `skip` digits. */
function writeDigits(cursor: Cursor, at: Instant, skip: number): void {
  const { buffer, days } = cursor;
  const day = Math.floor(at / DAY_MS);
  const date = days(day);
  for (let digit = skip; digit < 8; digit += 1) buffer[cursor.at++] = date[digit] as number;
  const second = Math.floor((at - day * DAY_MS) / SECOND_MS);
  writeTwo(cursor, Math.floor(second / 3600));
  writeTwo(cursor, Math.floor(second / 60) % 60);
  writeTwo(cursor, second % 60);
  buffer[cursor.at++] = 0x5a;
}

function writeTwo(cursor: Cursor, value: number): void {
  const tens = Math.floor(value / 10);
  cursor.buffer[cursor.at++] = 0x30 + tens;
  cursor.buffer[cursor.at++] = 0x30 + value - tens * 10;
}
