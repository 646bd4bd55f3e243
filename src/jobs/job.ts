/**
 * Work that repeats by itself. Each job is one value in one file; `src/compose/jobs.ts` lists all
 * of them.
 */

export type Job<Parts> = {
  /** The name in log lines. */
  readonly name: string;
  /** Time between two runs; a run that takes longer delays the next one. */
  readonly everyMs: number;
  /**
   * Lease under which one of several processes on a database does the work; null: every process
   * does it.
   */
  readonly leaseDurationMs: number | null;
  /**
   * Additional runs: when the process starts, because work may have become due before; or when it
   * stops.
   */
  readonly alsoRuns: readonly ('at-start' | 'at-stop')[];
  /** Prepares the work of a process. null: this process has nothing to do, by its configuration. */
  readonly prepare: (parts: Parts) => JobWork | null;
};

export type JobWork = {
  readonly run: () => Promise<void>;
  /** Period from the configuration, instead of the period of the job. */
  readonly everyMs?: number;
  /** Ends a run early, where a run may take long; resolves when nothing is under way. */
  readonly stop?: () => Promise<void>;
};
