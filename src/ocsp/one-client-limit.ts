/**
 * Limits the answers that are signed for one client only: answers with a nonce, about several
 * certificates, with a certificate id in an unusual form, or about a serial number that was never
 * issued. Anybody can request any number of them, and each costs a signature and space in the
 * journal of the signer (ops/decisions/0035).
 */
import { SECOND_MS } from '../kernel/duration.js';
import type { Clock } from '../ports/world.js';

type OneClientLimits = {
  /** Limit of the answers that are made at the same time. */
  readonly oneClientInFlightMax: number;
  /** Limit of the answers per second, on average. */
  readonly oneClientPerSecondMax: number;
};

/** Does the work and returns its result; null: the limit is reached, and nothing was done. */
type OneClientLimit = <Value>(work: () => Promise<Value>) => Promise<Value | null>;

/**
 * After a pause, a burst is allowed: as many answers as `oneClientPerSecondMax` allows in this many
 * seconds.
 */
const BURST_SECONDS = 10;

export function createOneClientLimit(limits: OneClientLimits, clock: Clock): OneClientLimit {
  const { oneClientInFlightMax: inFlightMax, oneClientPerSecondMax: perSecondMax } = limits;
  const burst = BURST_SECONDS * perSecondMax;
  let running = 0;
  let left = burst;
  let countedAt = clock();

  function take(): boolean {
    const now = clock();
    // A clock that was set back adds nothing.
    left = Math.min(burst, left + (Math.max(0, now - countedAt) / SECOND_MS) * perSecondMax);
    countedAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  }

  return async (work) => {
    if (running >= inFlightMax || !take()) return null;
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
}
