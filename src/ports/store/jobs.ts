/**
 * The schedule of jobs that one process at a time does. It is in the database, so that no restart
 * resets it.
 */
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';

/** One item of a job. A job of the whole installation has one item, the empty text. */
export type JobItem = { readonly job: string; readonly item: string };

/** How the attempts of an item went, and when the next one may begin. */
export type JobSchedule = JobItem & {
  readonly nextAt: Instant;
  /** Failures since the last success. */
  readonly failures: number;
  readonly lastStartedAt: Instant;
  /** null: none has succeeded yet. */
  readonly lastSuccessAt: Instant | null;
  /** Why the last attempt failed; null: it did not fail. */
  readonly lastError: string | null;
};

export type StoredJob = JobSchedule & {
  /** What the job stores between its pieces of work; null: nothing. */
  readonly cursor: Json;
  /** The run, or another holder of the lease of the item, that works on it now; null: none. */
  readonly holder: string | null;
};

/** An item is an id of at most this many characters. */
export const JOB_ITEM_CHARACTERS_MAX = 100;
export const JOB_ERROR_CHARACTERS_MAX = 500;
/** The largest JSON text of a cursor. */
export const JOB_CURSOR_CHARACTERS_MAX = 64 * 1024;

export type JobReads = {
  /** The stored items of a job, or of all jobs, by name and item; at most `limit`. */
  readonly jobs: (page: { readonly job?: string; readonly limit: number }) => Promise<readonly StoredJob[]>;
  /** Reads the stored ones among these items, in any order. */
  readonly jobsOfItems: (job: string, items: readonly string[]) => Promise<readonly StoredJob[]>;
  /** null: no attempt was made yet. */
  readonly job: (of: JobItem) => Promise<StoredJob | null>;
};

export type JobWrites = {
  /** Inserts or replaces the schedule; the cursor stays. */
  readonly setJobSchedule: (schedule: JobSchedule) => Promise<void>;
  /** The schedule has to be there. */
  readonly setJobCursor: (of: JobItem, cursor: Json) => Promise<void>;
  /** Deletes items of a job that were due before, and that nobody has worked on since. */
  readonly deleteOldJobs: (job: string, dueBefore: Instant) => Promise<void>;
};
