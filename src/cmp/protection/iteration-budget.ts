/**
 * The budget of iterations of a process, and the share of each network in it. One network may use
 * half of what the others leave. A stranger with one address therefore leaves half of the budget
 * to all others, and one with many addresses takes one half of the rest after the other.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';

/** After one idle second, so many may be begun at once. */
export const ITERATIONS_PER_SECOND = 2_000_000;
/** What one network may begin in a second, where no other one begins any. */
const SHARE_PER_SECOND = ITERATIONS_PER_SECOND / 2;
/** Beyond this number of networks, the others share one share. */
const NETWORKS_MAX = 10_000;
const OTHERS = '';

type NetworkUse = {
  /** Iterations that it has begun, less those that its share has given back since. */
  taken: number;
  takenAt: number;
  unfinished: number;
};

export type IterationBudget = {
  /**
   * Returns a function to call when the iterations are done; or, as the error, after how many
   * milliseconds to ask again.
   */
  readonly take: (network: string, iterations: number) => Result<() => void, number>;
};

/** `steadyMs`: milliseconds of a monotonic clock. */
export function createIterationBudget(steadyMs: () => number): IterationBudget {
  const uses = createUses(steadyMs());
  let left = ITERATIONS_PER_SECOND;
  let filledAt = steadyMs();
  let unfinished = 0;
  return {
    take: (network, iterations) => {
      const now = steadyMs();
      left = Math.min(ITERATIONS_PER_SECOND, left + ((now - filledAt) / SECOND_MS) * ITERATIONS_PER_SECOND);
      filledAt = now;
      const own = uses.of(network, now);
      const begun = own.taken + iterations - Math.min(ITERATIONS_PER_SECOND, left + own.taken) / 2;
      // As much may be unfinished, so that nothing waits for long on a slow machine.
      const running = own.unfinished + iterations - (ITERATIONS_PER_SECOND - unfinished + own.unfinished) / 2;
      const missing = Math.max(begun, running);
      if (missing > 0) return err(Math.ceil((missing / SHARE_PER_SECOND) * SECOND_MS));
      left -= iterations;
      unfinished += iterations;
      own.taken += iterations;
      own.unfinished += iterations;
      return ok(() => {
        unfinished -= iterations;
        own.unfinished -= iterations;
      });
    },
  };
}

function createUses(startedAt: number) {
  let cleanedAt = startedAt;
  const uses = new Map<string, NetworkUse>();
  const refreshed = (use: NetworkUse, now: number): NetworkUse => {
    use.taken = Math.max(0, use.taken - ((now - use.takenAt) / SECOND_MS) * SHARE_PER_SECOND);
    use.takenAt = now;
    return use;
  };
  const added = (network: string, now: number): NetworkUse => {
    const use = { taken: 0, takenAt: now, unfinished: 0 };
    uses.set(network, use);
    return use;
  };
  const removeIdle = (now: number): void => {
    if (now - cleanedAt < SECOND_MS) return;
    cleanedAt = now;
    for (const [network, use] of uses)
      if (refreshed(use, now).taken === 0 && use.unfinished === 0) uses.delete(network);
  };
  return {
    of: (network: string, now: number): NetworkUse => {
      const known = uses.get(network);
      if (known !== undefined) return refreshed(known, now);
      if (uses.size >= NETWORKS_MAX) removeIdle(now);
      if (uses.size < NETWORKS_MAX) return added(network, now);
      const others = uses.get(OTHERS);
      return others === undefined ? added(OTHERS, now) : refreshed(others, now);
    },
  };
}
