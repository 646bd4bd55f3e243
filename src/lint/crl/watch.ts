/**
 * Certificates that are looked for in a list as it passes: one comparison an entry, since both are
 * in the order of their numbers.
 */
import { assert } from '../../kernel/assert.js';
import { type Bytes, fromHex } from '../../kernel/bytes.js';
import type { CrlEntry } from './subjects.js';

export type CrlWatch = {
  /** The entry that was read last. */
  readonly see: (entry: Pick<CrlEntry, 'bytes' | 'serialAt' | 'serialLength' | 'reason'>) => void;
  /**
   * Serial numbers as they were given, and the numbers of their reasons, 0 where the entry gives
   * none.
   */
  readonly found: ReadonlyMap<string, number>;
};

type Watched = { readonly serial: string; readonly octets: Bytes };

/** `serials`: lower-case hex. */
export function createCrlWatch(serials: readonly string[]): CrlWatch {
  const watched = [...new Set(serials)]
    .map(watchedOf)
    .sort((a, b) => compare(a.octets, b.octets, { at: 0, length: b.octets.length }));
  const found = new Map<string, number>();
  let at = 0;
  return {
    found,
    see({ bytes, serialAt, serialLength, reason }) {
      for (let next = watched[at]; next !== undefined; next = watched[at]) {
        const order = compare(next.octets, bytes, { at: serialAt, length: serialLength });
        if (order > 0) return;
        at += 1;
        if (order === 0) found.set(next.serial, reason ?? 0);
      }
    },
  };
}

/** Content octets of the positive INTEGER (X.690 8.3.2). */
function watchedOf(serial: string): Watched {
  const bytes = fromHex(serial);
  assert(bytes !== null && bytes.length > 0, 'a serial number in hex');
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const value = bytes.subarray(first);
  return { serial, octets: (value[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...value) : value };
}

/** Of positive INTEGERs in the fewest octets the longer is the greater. */
function compare(a: Bytes, b: Bytes, { at, length }: { readonly at: number; readonly length: number }): number {
  if (a.length !== length) return a.length - length;
  for (let octet = 0; octet < length; octet += 1) {
    const difference = (a[octet] as number) - (b[at + octet] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
