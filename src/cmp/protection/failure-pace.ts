/**
 * Paces the messages of networks that have just sent messages which could not be verified. Such a
 * message costs a derivation of a key and several reads before it is refused, and anybody can send
 * any number. A message of any other network is verified at once.
 */
import { SECOND_MS } from '../../kernel/duration.js';

/** Between two messages of such a network; each of them costs about a tenth of it. */
const INTERVAL_MS = 10;
/** How long a network is paced after the last message that could not be verified. */
const PACED_MS = SECOND_MS;
/** Beyond this number of networks, the one whose last failure is the oldest is forgotten. */
const NETWORKS_MAX = 10_000;

export type FailurePace = {
  /**
   * Resolves when the next message of this network may be verified. The number of messages that
   * wait is limited where they are admitted.
   */
  readonly turn: (network: string) => Promise<void>;
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
  return {
    turn: async (network) => {
      const now = steadyMs();
      const found = paced.get(network);
      if (found === undefined || found.until <= now) return;
      const at = Math.max(now, found.nextAt);
      found.nextAt = at + INTERVAL_MS;
      if (at > now) await sleep(at - now);
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
