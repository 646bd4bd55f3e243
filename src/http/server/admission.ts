/**
 * Limits how many requests are processed at once, because each of them takes a place in the queues
 * of the database and of the signers. A request is admitted after its body was read, so that a
 * client that sends slowly takes no place. A request beyond the limits is answered at once: 503, or
 * 429 if the account has reached a limit of its own.
 */
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';

export type Admission = {
  /**
   * Admits a request and returns the function that must be called when it ends; calling it again
   * has no effect. Returns the failure if the request is not admitted.
   */
  readonly enter: (request: RequestToAdmit) => (() => void) | NotAdmitted;
  /** The number of requests in progress. */
  readonly active: () => number;
};

type NotAdmitted = Extract<HttpFailure, { readonly kind: 'overloaded' | 'quota-exceeded' }>;

type RequestToAdmit = {
  /** Id of the account, or for other clients the name under which their requests are counted. */
  readonly account: string;
  /**
   * Whether the request may use the reserved places: it stops certificates from being used, such as
   * a revocation, or it comes from an officer.
   */
  readonly isUrgent: boolean;
  /**
   * How many requests that state such a limit the account may have in progress; null: only
   * `perAccountMax` applies.
   */
  readonly inFlightMax?: number | null;
};

export type AdmissionLimits = {
  readonly placesMax: number;
  /** How many of the places only urgent requests can take. */
  readonly reserved: number;
  /**
   * How many places the urgent requests of one account can take, and separately its other requests.
   */
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
