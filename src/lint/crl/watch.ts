/**
 * Finds given certificates in a CRL as it is read. Both are in the order of their serial numbers,
 * so that one comparison per entry is enough.
 */
import { assert } from '../../kernel/assert.js';
import { type Bytes, fromHex } from '../../kernel/bytes.js';
import type { CrlEntry } from './subjects.js';

export type CrlWatch = {
  /** Must be called with each entry that was read. */
  readonly note: (entry: Pick<CrlEntry, 'bytes' | 'serialAt' | 'serialLength' | 'reason'>) => void;
  /**
   * The given serial numbers that were found, with the numbers of their reasons; 0 where the entry
   * has no reason.
   */
  readonly found: ReadonlyMap<string, number>;
};

type WatchedSerial = { readonly serial: string; readonly octets: Bytes };

/** `serials` are in lower-case hex. */
export function createCrlWatch(serials: readonly string[]): CrlWatch {
  const watched = [...new Set(serials)]
    .map(watchedOf)
    .sort((a, b) => compare(a.octets, b.octets, { at: 0, length: b.octets.length }));
  const found = new Map<string, number>();
  let at = 0;
  return {
    found,
    note({ bytes, serialAt, serialLength, reason }) {
      for (let next = watched[at]; next !== undefined; next = watched[at]) {
        const order = compare(next.octets, bytes, { at: serialAt, length: serialLength });
        if (order > 0) return;
        at += 1;
        if (order === 0) found.set(next.serial, reason ?? 0);
      }
    },
  };
}

/** The serial number with the content octets of its positive INTEGER (X.690 8.3.2). */
function watchedOf(serial: string): WatchedSerial {
  const bytes = fromHex(serial);
  assert(bytes !== null && bytes.length > 0, 'a serial number in hex');
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const value = bytes.subarray(first);
  return { serial, octets: (value[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...value) : value };
}

/** Compares positive INTEGERs in the fewest octets: the longer one is greater. */
function compare(a: Bytes, b: Bytes, { at, length }: { readonly at: number; readonly length: number }): number {
  if (a.length !== length) return a.length - length;
  for (let octet = 0; octet < length; octet += 1) {
    const difference = (a[octet] as number) - (b[at + octet] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
