/**
 * A time that neither goes back nor leaps: it begins at the later of the clock and `notBefore`, and goes on with the monotonic clock.
 * A clock that is set back, or forth, while a signer runs changes nothing that is measured by it.
 */
import type { Instant } from '../../src/kernel/clock.js';

export function createSteadyTime(world: {
  readonly clock: () => Instant;
  /** Milliseconds since any moment; never goes back. */
  readonly monotonic: () => number;
  /** The last time of the signer before this one. */
  readonly notBefore: Instant;
}): () => Instant {
  const startedAt = world.monotonic();
  const base = Math.max(world.clock(), world.notBefore);
  return () => base + (world.monotonic() - startedAt);
}
