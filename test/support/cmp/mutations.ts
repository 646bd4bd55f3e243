/** Valid CMP messages with changed octets, for readers that must never throw. */
import fc from 'fast-check';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { arbitraryMessage, SHALLOW_SAMPLES } from './arbitrary-messages.js';

/** Calls `read` with valid messages of every kind in which one to five octets are changed. */
export function mutations(numRuns: number, read: (octets: Bytes) => void): void {
  const change = fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255));
  fc.assert(
    fc.property(
      arbitraryMessage(SHALLOW_SAMPLES),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      ({ octets }, changes) => {
        const mutated = octets.slice();
        for (const [at, value] of changes) mutated[Math.floor(at * octets.length)] = value;
        read(mutated);
      },
    ),
    { numRuns },
  );
}
