/** The serial number of an entry beside that of the entry before: one pass, and one number kept. */
import { LIMITS } from '../../kernel/limits.js';
import type { CrlEntry } from './subjects.js';

/**
 * With a sign octet. Longer ones break a rule of their own and are compared by these octets alone.
 */
const OCTETS_MAX = LIMITS.serialOctetsMax + 1;

export type SerialOrder = {
  /** Where this entry stands after the one before, which it then is. */
  readonly next: (entry: Pick<CrlEntry, 'bytes' | 'serialAt' | 'serialLength'>) => CrlEntry['order'];
};

export function createSerialOrder(): SerialOrder {
  const last = new Uint8Array(OCTETS_MAX);
  let lastLength = 0;

  /** Of positive INTEGERs in the fewest octets the longer is the greater. */
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
