/**
 * Limits how many API requests are processed at once. Each takes memory and a place in the queues
 * of the database and the signers. Beyond the limit the response is 503 at once, before anything is
 * read, so that an overload costs neither memory nor the time of other requests.
 */
import type { HttpFailure } from '../api/problems.js';

type Admission = {
  /** Returns the function that ends the request, or the failure. */
  readonly enter: () => (() => void) | Extract<HttpFailure, { readonly kind: 'overloaded' }>;
  readonly active: () => number;
};

const RETRY_AFTER_MS = 1_000;

export function createAdmission(activeMax: number): Admission {
  let active = 0;
  return {
    enter: () => {
      if (active >= activeMax) return { kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS };
      active += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        active -= 1;
      };
    },
    active: () => active,
  };
}
