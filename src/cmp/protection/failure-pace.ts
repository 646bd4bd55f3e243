/**
 * Paces the messages of networks that have just sent messages which could not be verified. Such a
 * message costs a derivation of a key and several reads before it is refused, and anybody can send
 * any number. A message of any other network is verified at once.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';

/**
 * Limits the signatures of errors that answer messages which could not be verified: strangers can
 * cause any number of them. Beyond the limit such an error has no protection (RFC 9483 3.6.4).
 */

const SIGNATURES_PER_SECOND = 20;

/** Whether one more error may be signed now. `steadyMs`: milliseconds of a monotonic clock. */
export function createErrorSignatures(steadyMs: () => number): () => boolean {
  const bucket = { left: SIGNATURES_PER_SECOND, filledAt: steadyMs() };
  return () => {
    const now = steadyMs();
    const gained = ((now - bucket.filledAt) / SECOND_MS) * SIGNATURES_PER_SECOND;
    bucket.left = Math.min(SIGNATURES_PER_SECOND, bucket.left + gained);
    bucket.filledAt = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };
}

/** Between two messages of such a network; each of them costs about a tenth of it. */
const INTERVAL_MS = 10;
/** How long a message waits for its turn at most, so that 32 of its network do. */
const WAIT_MS_MAX = 32 * INTERVAL_MS;
/** How many messages of all networks wait at most. */
const WAITING_MAX = 256;
/** How long a network is paced after the last message that could not be verified. */
const PACED_MS = SECOND_MS;
/** Beyond this number of networks, the one whose last failure is the oldest is forgotten. */
const NETWORKS_MAX = 10_000;

export type FailurePace = {
  /**
   * Resolves when the next message of this network may be verified; or at once with an error where
   * too many wait: after how many milliseconds to ask again.
   */
  readonly turn: (network: string) => Promise<Result<void, number>>;
  /** Called when a message of this network could not be verified. */
  readonly failed: (network: string) => void;
};

type PaceParts = {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

export function createFailurePace({ steadyMs, sleep }: PaceParts): FailurePace {
  /** In the order of their last failures. `nextAt`: when a further message may be verified. */
  const paced = new Map<string, { readonly until: number; nextAt: number }>();
  let waiting = 0;
  return {
    turn: async (network) => {
      const now = steadyMs();
      const found = paced.get(network);
      if (found === undefined || found.until <= now) return ok(undefined);
      const waitMs = Math.max(0, found.nextAt - now);
      if (waitMs > WAIT_MS_MAX || (waitMs > 0 && waiting >= WAITING_MAX)) return err(waitMs);
      found.nextAt = now + waitMs + INTERVAL_MS;
      if (waitMs > 0) {
        waiting += 1;
        await sleep(waitMs);
        waiting -= 1;
      }
      return ok(undefined);
    },
    failed: (network) => {
      const now = steadyMs();
      const nextAt = paced.get(network)?.nextAt ?? now + INTERVAL_MS;
      paced.delete(network);
      paced.set(network, { until: now + PACED_MS, nextAt });
      for (const [oldest, { until }] of paced) {
        if (until > now && paced.size <= NETWORKS_MAX) break;
        paced.delete(oldest);
      }
    },
  };
}
