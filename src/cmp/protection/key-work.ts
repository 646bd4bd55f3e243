/**
 * Derives the keys of MACs from secrets, within a budget of iterations for the whole process, and
 * caches keys whose MAC was right. Without the budget, strangers could make the process derive keys
 * all day, because a MAC can only be judged after the derivation.
 */
import { type Bytes, concat } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { AlgorithmIdentifier } from '../model.js';
import { createIterationBudget } from './iteration-budget.js';
import type { Mac } from './mac.js';

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
