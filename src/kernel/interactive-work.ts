/**
 * Whether interactive work came in the last second: then batch work, for which nobody waits, takes
 * smaller shares of the resources that both use. Interactive work is a request that issues, renews,
 * revokes, suspends or confirms. Reading is not: a client that polls the progress of its order
 * would slow the order down.
 */
import { SECOND_MS } from './duration.js';

export type InteractiveWork = {
  /** Called for each interactive request when its processing begins. */
  readonly note: () => void;
  readonly isRecent: () => boolean;
};

/** How long an interactive request counts as recent. Clients often send the next one soon. */
export const RECENT_MS = SECOND_MS;

/** `steadyMs`: milliseconds of a monotonic clock. */
export function createInteractiveWork(steadyMs: () => number): InteractiveWork {
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    note: () => {
      lastAt = steadyMs();
    },
    isRecent: () => steadyMs() - lastAt < RECENT_MS,
  };
}
