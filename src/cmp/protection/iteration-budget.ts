/**
 * The budget of iterations of a process, and the share of each network in it. A network may begin
 * at most half of the iterations that the other networks leave. What it has begun is given back to
 * it over time: while n networks are busy, each gets 1/(n+1) of the budget per second. So n busy
 * networks leave as much of the budget to a further one as each of them has.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';

/** Iterations that may be begun in a second; also the most that may be begun at once. */
const ITERATIONS_PER_SECOND = 2_000_000;
/** Beyond this number of networks, all further ones share one entry. */
const NETWORKS_MAX = 10_000;
const OTHERS = '';
/** Busy networks are counted again after this time. */
const COUNT_MS = 100;

type NetworkUse = {
  /** Iterations that it has begun, less those that were given back to it since. */
  taken: number;
  takenAt: number;
  unfinished: number;
};

type IterationBudget = {
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
      // Unfinished iterations have the same limit, for a slow machine.
      const running = own.unfinished + iterations - (ITERATIONS_PER_SECOND - unfinished + own.unfinished) / 2;
      const missing = Math.max(begun, running);
      if (missing > 0) return err(Math.ceil((missing / uses.sharePerSecond()) * SECOND_MS));
      left -= iterations;
      unfinished += iterations;
      uses.add(own, iterations);
      return ok(() => {
        unfinished -= iterations;
        own.unfinished -= iterations;
      });
    },
  };
}

function createUses(startedAt: number) {
  let countedAt = startedAt;
  let busy = 0;
  const uses = new Map<string, NetworkUse>();
  const sharePerSecond = (): number => ITERATIONS_PER_SECOND / (Math.max(1, busy) + 1);
  const refreshed = (use: NetworkUse, now: number): NetworkUse => {
    use.taken = Math.max(0, use.taken - ((now - use.takenAt) / SECOND_MS) * sharePerSecond());
    use.takenAt = now;
    return use;
  };
  const added = (network: string, now: number): NetworkUse => {
    const use = { taken: 0, takenAt: now, unfinished: 0 };
    uses.set(network, use);
    return use;
  };
  /** Forgets networks that use nothing. */
  const count = (now: number): void => {
    if (now - countedAt < COUNT_MS) return;
    countedAt = now;
    let found = 0;
    for (const [network, use] of uses) {
      if (refreshed(use, now).taken > 0) found += 1;
      else if (use.unfinished === 0) uses.delete(network);
    }
    busy = found;
  };
  return {
    /** What is given back to each busy network in a second. */
    sharePerSecond,
    add: (use: NetworkUse, iterations: number): void => {
      if (use.taken === 0) busy += 1;
      use.taken += iterations;
      use.unfinished += iterations;
    },
    of: (network: string, now: number): NetworkUse => {
      count(now);
      const known = uses.get(network);
      if (known !== undefined) return refreshed(known, now);
      if (uses.size < NETWORKS_MAX) return added(network, now);
      const others = uses.get(OTHERS);
      return others === undefined ? added(OTHERS, now) : refreshed(others, now);
    },
  };
}
