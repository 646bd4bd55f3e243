/**
 * Compares the serial number of each entry with that of the entry before, in one pass and with one
 * number in memory.
 */
import { LIMITS } from '../../kernel/limits.js';
import type { CrlEntry } from './subjects.js';

/**
 * One more for the sign octet. Longer serial numbers violate another rule and are compared by their
 * first octets alone.
 */
const OCTETS_MAX = LIMITS.serialOctetsMax + 1;

export type SerialOrder = {
  /** Compares this entry with the one before, and remembers it. */
  readonly next: (entry: Pick<CrlEntry, 'bytes' | 'serialAt' | 'serialLength'>) => CrlEntry['order'];
};

export function createSerialOrder(): SerialOrder {
  const last = new Uint8Array(OCTETS_MAX);
  let lastLength = 0;

  /** Compares positive INTEGERs in the fewest octets: the longer one is greater. */
  function compare({ bytes, serialAt, serialLength }: Pick<CrlEntry, 'bytes' | 'serialAt' | 'serialLength'>): number {
    if (serialLength !== lastLength) return serialLength - lastLength;
    const length = Math.min(serialLength, OCTETS_MAX);
    for (let octet = 0; octet < length; octet += 1) {
      const difference = (bytes[serialAt + octet] as number) - (last[octet] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  return {
    next(entry) {
      const { bytes, serialAt, serialLength } = entry;
      const isFirst = lastLength === 0;
      const difference = compare(entry);
      const length = Math.min(serialLength, OCTETS_MAX);
      for (let octet = 0; octet < length; octet += 1) last[octet] = bytes[serialAt + octet] as number;
      lastLength = serialLength;
      if (isFirst) return 'first';
      if (difference === 0) return 'same';
      return difference > 0 ? 'after' : 'before';
    },
  };
}
