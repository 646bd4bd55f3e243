/** Whether this process can write to its database, as the watch over the clock has found it. */
import { SECOND_MS } from '../kernel/duration.js';

export const WRITE_EVERY_MS = 5 * SECOND_MS;
/** After this time without a commit, the database counts as one that cannot be written. */
export const WRITE_AGE_MS_MAX = 3 * WRITE_EVERY_MS;

export type WriteState = {
  readonly written: () => void;
  readonly failed: (detail: string) => void;
  /** `ageMs`: since the last commit. `detail`: why the last one failed; null: it did not fail. */
  readonly state: () => { readonly ageMs: number; readonly detail: string | null };
};

/** A process begins when it has just written. `steadyMs`: milliseconds of a monotonic clock. */
export function createWriteState(steadyMs: () => number): WriteState {
  let last = steadyMs();
  let failure: string | null = null;
  return {
    written: () => {
      last = steadyMs();
      failure = null;
    },
    failed: (detail) => {
      failure = detail;
    },
    state: () => ({ ageMs: steadyMs() - last, detail: failure }),
  };
}
