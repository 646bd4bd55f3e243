/**
 * Limits how many API requests are processed at once. Each takes a place in the queues of the
 * database and the signers. A request takes its place when its body is there, so that a client that
 * sends slowly occupies none. Beyond the limit the response is 503 at once.
 */
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';

export type Admission = {
  /** Returns the function that ends the request, or the failure. */
  readonly enter: (request: AdmittedRequest) => (() => void) | NotAdmitted;
  readonly active: () => number;
};

type NotAdmitted = Extract<HttpFailure, { readonly kind: 'overloaded' | 'quota-exceeded' }>;

type AdmittedRequest = {
  readonly account: string;
  /** Whether it is a revocation, or any request of an officer. */
  readonly isUrgent: boolean;
  /** How many such requests of its account there may be at once; null: as many as others. */
  readonly inFlightMax?: number | null;
};

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
  const leave = (key: string): void => {
    const left = (byAccount.get(key) ?? 1) - 1;
    if (left === 0) byAccount.delete(key);
    else byAccount.set(key, left);
  };
  return {
    enter: ({ account, isUrgent, inFlightMax: max = null }) => {
      const keys = [`${isUrgent ? 'urgent' : 'other'} ${account}`, ...(max === null ? [] : [`limited ${account}`])];
      const [own = 0, limited = 0] = keys.map((key) => byAccount.get(key) ?? 0);
      if (max !== null && limited >= max) {
        const message = text('account-limit/inFlight', { max });
        return { kind: 'quota-exceeded', limit: 'inFlight', retryAfterMs: RETRY_AFTER_MS, message };
      }
      if (active >= placesMax - (isUrgent ? 0 : reserved) || own >= perAccountMax)
        return { kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS };
      active += 1;
      for (const key of keys) byAccount.set(key, (byAccount.get(key) ?? 0) + 1);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        active -= 1;
        for (const key of keys) leave(key);
      };
    },
    active: () => active,
  };
}
