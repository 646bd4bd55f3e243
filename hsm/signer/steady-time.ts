/**
 * A time that never jumps: it starts at the later of the clock and `notBefore`, and then follows
 * the monotonic clock. Setting the system clock while a signer runs does not change it.
 */
import type { Instant } from '../../src/kernel/clock.js';

export function createSteadyTime(world: {
  readonly clock: () => Instant;
  /** Returns milliseconds of a monotonic clock. */
  readonly monotonic: () => number;
  /** The last steady time of the previous process, from the journal. */
  readonly notBefore: Instant;
}): () => Instant {
  const startedAt = world.monotonic();
  const base = Math.max(world.clock(), world.notBefore);
  return () => base + (world.monotonic() - startedAt);
}
