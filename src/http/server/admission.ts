/**
 * Limits how many API requests are processed at once. Each takes a place in the queues of the
 * database and the signers. A request takes its place when its body is there, so that a client that
 * sends slowly occupies none. Beyond the limit the response is 503 at once.
 */
import type { HttpFailure } from '../api/problems.js';

export type Admission = {
  /** Returns the function that ends the request, or the failure. */
  readonly enter: (request: AdmittedRequest) => (() => void) | Extract<HttpFailure, { readonly kind: 'overloaded' }>;
  readonly active: () => number;
};

/** `isUrgent`: a revocation, or any request of an officer. */
type AdmittedRequest = { readonly account: string; readonly isUrgent: boolean };

export type AdmissionLimits = {
  readonly placesMax: number;
  /** Places that only urgent requests can take. */
  readonly reserved: number;
  /** Applies to the urgent requests of an account and, separately, to its other requests. */
  readonly perAccountMax: number;
};

const RETRY_AFTER_MS = 1_000;

export function createAdmission({ placesMax, reserved, perAccountMax }: AdmissionLimits): Admission {
  const byAccount = new Map<string, number>();
  let active = 0;
  return {
    enter: ({ account, isUrgent }) => {
      const key = `${isUrgent ? 'urgent' : 'other'} ${account}`;
      const own = byAccount.get(key) ?? 0;
      if (active >= placesMax - (isUrgent ? 0 : reserved) || own >= perAccountMax)
        return { kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS };
      active += 1;
      byAccount.set(key, own + 1);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        active -= 1;
        const left = (byAccount.get(key) ?? 1) - 1;
        if (left === 0) byAccount.delete(key);
        else byAccount.set(key, left);
      };
    },
    active: () => active,
  };
}
