/**
 * How many requests the API has under way at once. Each holds a body, a plan and a place in the queues below; beyond the bound
 * the answer is 503 at once, before anything is read, so that a crowd costs the service neither memory nor the time of others.
 */
import type { HttpFailure } from '../api/problems.js';

export type Admission = {
  /** What gives the place back, or the refusal. */
  readonly enter: () => (() => void) | Extract<HttpFailure, { readonly kind: 'overloaded' }>;
  readonly underWay: () => number;
};

const RETRY_AFTER_MS = 1_000;

export function createAdmission(underWayMax: number): Admission {
  let underWay = 0;
  return {
    enter: () => {
      if (underWay >= underWayMax) return { kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS };
      underWay += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        underWay -= 1;
      };
    },
    underWay: () => underWay,
  };
}
