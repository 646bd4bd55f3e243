/** Whether this process can write to its database, as the job `clock-watch` has found. */
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

/** The start of a process counts as a commit. `steadyMs`: milliseconds of a monotonic clock. */
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
