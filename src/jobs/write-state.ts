/** Remembers whether this process can write to its database, as the job `clock-watch` finds out. */
import { SECOND_MS } from '../kernel/duration.js';

/** Period with which `clock-watch` writes to the database. */
export const WRITE_EVERY_MS = 5 * SECOND_MS;
/** After this time without a commit, the database counts as not writable. */
export const WRITE_AGE_MS_MAX = 3 * WRITE_EVERY_MS;

export type WriteState = {
  readonly written: () => void;
  readonly failed: (detail: string) => void;
  /**
   * `ageMs`: time since the last commit. `detail`: why the last write failed; null: it succeeded.
   */
  readonly state: () => { readonly ageMs: number; readonly detail: string | null };
};

/**
 * Creates the state; the start of the process counts as a commit. `steadyMs`: milliseconds of a
 * monotonic clock.
 */
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
