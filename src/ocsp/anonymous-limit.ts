/**
 * Limits the answers that are signed for one client only: answers to a nonce, about several
 * certificates, about a certificate in an unusual form, or about a number that was never issued.
 * Anybody can ask for any number of them, and each costs a signature and an entry in the journal of
 * the signer (ops/decisions/0035).
 */
import { SECOND_MS } from '../kernel/duration.js';
import type { Clock } from '../ports/world.js';

type AnonymousLimits = {
  /** Limit of the answers that are being made. */
  readonly anonymousInFlightMax: number;
  /** Limit of the answers in a second, on average. */
  readonly anonymousPerSecondMax: number;
};

/** Does the work and returns its result; null: the limit is reached, and nothing was done. */
export type AnonymousLimit = <Value>(work: () => Promise<Value>) => Promise<Value | null>;

/** After a pause, so many seconds' worth of answers may be made at once. */
const BURST_SECONDS = 10;

export function createAnonymousLimit(limits: AnonymousLimits, clock: Clock): AnonymousLimit {
  const { anonymousInFlightMax: inFlightMax, anonymousPerSecondMax: perSecondMax } = limits;
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
