/**
 * Entries of revokedCertificates (RFC 5280 5.1.2.6 and 5.3) written by hand into large buffers: a country's list has a
 * million of them. Each entry has at most 82 octets, so every length inside is one octet.
 */
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { DAY_MS, SECOND_MS } from '../kernel/duration.js';
import { LIMITS } from '../kernel/limits.js';
import type { RevocationReason, RevokedEntry } from '../ports/store.js';

const CHUNK_BYTES = 64 * 1024;
/** SEQUENCE, serial of 20 octets and a sign octet, GeneralizedTime, both extensions. */
const ENTRY_BYTES_MAX = 2 + 23 + 17 + 2 + 12 + 26;

/** CRLReason (RFC 5280 5.3.1) of the reasons that this CA gives. */
export const REASON_CODES = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const satisfies Record<RevocationReason, number>;

/** Extension { reasonCode, OCTET STRING { ENUMERATED } } without the code itself. */
const REASON_PREFIX = Uint8Array.of(0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01);
/** Extension { invalidityDate, OCTET STRING { GeneralizedTime } } without its 15 characters. */
const INVALIDITY_PREFIX = Uint8Array.of(0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11, 0x18, 0x0f);

export type EntryTotals = { readonly entries: number; readonly bytes: number };

export type EntryWriter = {
  /** Chunks that this batch filled, in order; the last entries may wait for the next batch. */
  readonly write: (batch: readonly RevokedEntry[]) => readonly Bytes[];
  /** What still waits; null when nothing does. */
  readonly flush: () => Bytes | null;
  readonly totals: () => EntryTotals;
};

export function createEntryWriter(): EntryWriter {
  let buffer = new Uint8Array(CHUNK_BYTES);
  let at = 0;
  let entries = 0;
  let flushedBytes = 0;
  const days = dayCache();

  const flush = (): Bytes | null => {
    if (at === 0) return null;
    const chunk = buffer.subarray(0, at);
    flushedBytes += at;
    buffer = new Uint8Array(CHUNK_BYTES);
    at = 0;
    return chunk;
  };

  const write = (batch: readonly RevokedEntry[]): readonly Bytes[] => {
    const full: Bytes[] = [];
    for (const entry of batch) {
      if (at + ENTRY_BYTES_MAX > buffer.length) {
        const chunk = flush();
        if (chunk !== null) full.push(chunk);
      }
      at = writeEntry(buffer, at, { entry, days });
      entries += 1;
    }
    return full;
  };

  return { write, flush, totals: () => ({ entries, bytes: flushedBytes + at }) };
}

type DayCache = (day: number) => Bytes;

/** `YYYYMMDD` of a day since 1970; revocations cluster on days. Bounded, because days come from the database. */
function dayCache(): DayCache {
  const known = new Map<number, Bytes>();
  return (day) => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const digits = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    assert(digits.length === 8, 'a year of four digits');
    if (known.size >= 20_000) known.clear();
    const octets = Buffer.from(digits, 'latin1');
    known.set(day, octets);
    return octets;
  };
}

function writeEntry(
  buffer: Bytes,
  start: number,
  { entry, days }: { readonly entry: RevokedEntry; readonly days: DayCache },
): number {
  let at = writeSerial(buffer, start + 2, entry.serial);
  at = writeTime(buffer, at, { at: entry.at, days });
  // 5.3.1: the extension is absent rather than `unspecified`.
  const reason = REASON_CODES[entry.reason];
  const extensionBytes = (reason === 0 ? 0 : 12) + (entry.invalidityDate === null ? 0 : 26);
  if (extensionBytes > 0) {
    buffer[at++] = 0x30;
    buffer[at++] = extensionBytes;
  }
  if (reason !== 0) {
    buffer.set(REASON_PREFIX, at);
    at += REASON_PREFIX.length;
    buffer[at++] = reason;
  }
  if (entry.invalidityDate !== null) {
    buffer.set(INVALIDITY_PREFIX, at);
    at = writeDigits(buffer, at + INVALIDITY_PREFIX.length, { at: entry.invalidityDate, days, from: 0 });
  }
  buffer[start] = 0x30;
  buffer[start + 1] = at - start - 2;
  return at;
}

/** A positive INTEGER in the fewest octets (X.690 8.3.2) from hex of even length. */
function writeSerial(buffer: Bytes, start: number, hex: string): number {
  let first = 0;
  while (first < hex.length - 2 && hex.charCodeAt(first) === 0x30 && hex.charCodeAt(first + 1) === 0x30) first += 2;
  const length = (hex.length - first) >> 1;
  assert(length > 0 && length <= LIMITS.serialOctetsMax && hex.length % 2 === 0, 'a serial of 1 to 20 octets');
  const sign = nibble(hex.charCodeAt(first)) >= 8 ? 1 : 0;
  buffer[start] = 0x02;
  buffer[start + 1] = length + sign;
  let at = start + 2;
  if (sign === 1) buffer[at++] = 0;
  for (let digit = first; digit < hex.length; digit += 2) {
    buffer[at++] = (nibble(hex.charCodeAt(digit)) << 4) | nibble(hex.charCodeAt(digit + 1));
  }
  return at;
}

function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  assert(code >= 0x61 && code <= 0x66, 'a serial in lower-case hex');
  return code - 0x57;
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 5.1.2.6); whole seconds, rounded down. */
function writeTime(buffer: Bytes, start: number, time: { readonly at: number; readonly days: DayCache }): number {
  const year = time.days(Math.floor(time.at / DAY_MS));
  const utc = isUtcTimeYear(year);
  buffer[start] = utc ? 0x17 : 0x18;
  buffer[start + 1] = utc ? 13 : 15;
  return writeDigits(buffer, start + 2, { ...time, from: utc ? 2 : 0 });
}

/** 1950 to 2049, of ASCII digits. */
function isUtcTimeYear(digits: Bytes): boolean {
  const [d0 = 0, d1 = 0, d2 = 0] = digits;
  const decade = (d0 - 0x30) * 100 + (d1 - 0x30) * 10 + (d2 - 0x30);
  return decade >= 195 && decade < 205;
}

function writeDigits(
  buffer: Bytes,
  start: number,
  { at: instant, days, from }: { readonly at: number; readonly days: DayCache; readonly from: number },
): number {
  const day = Math.floor(instant / DAY_MS);
  const date = days(day);
  let at = start;
  for (let digit = from; digit < 8; digit += 1) buffer[at++] = date[digit] as number;
  const second = Math.floor((instant - day * DAY_MS) / SECOND_MS);
  at = writeTwo(buffer, at, Math.floor(second / 3600));
  at = writeTwo(buffer, at, Math.floor(second / 60) % 60);
  at = writeTwo(buffer, at, second % 60);
  buffer[at++] = 0x5a;
  return at;
}

function writeTwo(buffer: Bytes, at: number, value: number): number {
  buffer[at] = 0x30 + Math.floor(value / 10);
  buffer[at + 1] = 0x30 + (value % 10);
  return at + 2;
}
