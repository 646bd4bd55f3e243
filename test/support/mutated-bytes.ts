/** Random changes of valid encodings, for tests of readers that must never throw. */
import fc from 'fast-check';
import type { Bytes } from '../../src/kernel/bytes.js';

/** Calls `read` with 20,000 copies of `valid`; in each, one to five octets are changed. */
export function eachMutation(valid: Bytes, read: (mutated: Bytes) => void): void {
  const changes = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(changes, (mutations) => {
      const mutated = valid.slice();
      for (const [at, value] of mutations) mutated[at] = value;
      read(mutated);
    }),
    { numRuns: 20_000 },
  );
}
