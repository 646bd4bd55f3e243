/**
 * Derives the keys of MACs from secrets, within a budget of iterations for the whole process, and
 * caches keys whose MAC was right. Without the budget, strangers could make the process derive keys
 * all day, because a MAC can only be judged after the derivation.
 */
import { type Bytes, concat } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { AlgorithmIdentifier } from '../model.js';
import type { Mac } from './mac.js';

/**
 * The budget of iterations of a process, and the share of each network in it. A network may begin
 * at most half of the iterations that the other networks leave. What it has begun is given back to
 * it over time: while n networks are busy, each gets 1/(n+1) of the budget per second. So n busy
 * networks leave as much of the budget to a further one as each of them has.
 */

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
function createIterationBudget(steadyMs: () => number): IterationBudget {
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

const CACHED_KEYS_MAX = 10_000;
const CACHED_FOR_MS = 10 * MINUTE_MS;

export type KeyWorkExhausted = { readonly kind: 'overloaded'; readonly retryAfterMs: number };

type MacKeyRequest = {
  /** Where the message came from, whose share of the budget is used. */
  readonly network: string;
  readonly secret: Bytes;
  readonly identifier: AlgorithmIdentifier;
  readonly mac: Mac;
};

export type KeyWork = {
  readonly keyOf: (request: MacKeyRequest) => Promise<Result<Bytes, KeyWorkExhausted>>;
  /**
   * For a key whose MAC was right. Others are not cached, because wrong MACs would replace the keys
   * of clients.
   */
  readonly remember: (request: Omit<MacKeyRequest, 'network'>, key: Bytes) => void;
};

type KeyWorkParts = {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  /** Lets other work of the process run. */
  readonly pause: () => Promise<void>;
  /** Counts iterations that are begun, for the metric. */
  readonly count: (iterations: number) => void;
};

export function createKeyWork({ steadyMs, pause, count }: KeyWorkParts): KeyWork {
  const budget = createIterationBudget(steadyMs);
  const cache = createKeyCache(steadyMs);
  const lanes = { loop: createLane(), pool: createLane() };
  return {
    keyOf: async ({ network, secret, identifier, mac: { derivation } }) => {
      if (derivation === null) return ok(secret);
      const known = cache.find(secret, identifier);
      if (known !== null) return ok(known);
      const taken = budget.take(network, derivation.iterations);
      if (!taken.ok) return err({ kind: 'overloaded', retryAfterMs: taken.error });
      count(derivation.iterations);
      try {
        return ok(await lanes[derivation.runsOn](network, () => derivation.derive(secret, pause)));
      } finally {
        taken.value();
      }
    },
    remember: ({ secret, identifier, mac }, key) => {
      if (mac.derivation !== null) cache.keep({ secret, identifier }, key);
    },
  };
}

/**
 * Runs one piece of work at a time. The networks take turns, so that the work of one that has much
 * to do does not delay the others.
 */
function createLane() {
  /** Work by network, in the order of the turns. */
  const waiting = new Map<string, (() => Promise<void>)[]>();
  let isRunning = false;
  const runAll = async (): Promise<void> => {
    isRunning = true;
    for (let [turn] = waiting; turn !== undefined; [turn] = waiting) {
      const [network, [next, ...others]] = turn;
      waiting.delete(network);
      if (others.length > 0) waiting.set(network, others);
      await next?.();
    }
    isRunning = false;
  };
  return <Value>(network: string, work: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      waiting.set(network, [...(waiting.get(network) ?? []), () => work().then(resolve, reject)]);
      if (!isRunning) void runAll();
    });
}

type CachedKey = { readonly key: Bytes; readonly until: number };

/** Keys by a hash of secret and algorithm. The oldest is removed where there are too many. */
function createKeyCache(steadyMs: () => number) {
  const cached = new Map<string, CachedKey>();
  const nameOf = (secret: Bytes, { der }: AlgorithmIdentifier): string =>
    sha256Hex(concat([Uint8Array.of(secret.length), secret, der]));
  return {
    find: (secret: Bytes, identifier: AlgorithmIdentifier): Bytes | null => {
      const found = cached.get(nameOf(secret, identifier));
      return found !== undefined && steadyMs() < found.until ? found.key : null;
    },
    keep: ({ secret, identifier }: Pick<MacKeyRequest, 'secret' | 'identifier'>, key: Bytes): void => {
      const name = nameOf(secret, identifier);
      cached.delete(name);
      cached.set(name, { key, until: steadyMs() + CACHED_FOR_MS });
      const [oldest] = cached.keys();
      if (cached.size > CACHED_KEYS_MAX && oldest !== undefined) cached.delete(oldest);
    },
  };
}
