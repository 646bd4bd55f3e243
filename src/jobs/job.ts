/**
 * Work that a process repeats. Each job is one value in one file; `src/compose/jobs.ts` lists all
 * of them.
 */

export type Job<Parts> = {
  /** The name in log lines. */
  readonly name: string;
  /** Time between two runs; a run that takes longer delays the next one. */
  readonly everyMs: number;
  /**
   * Duration of the lease under which only one of several services on a database does the work;
   * null: every process does it.
   */
  readonly leaseDurationMs: number | null;
  /**
   * Additional runs: when the process starts, because work may have become due before; or when it
   * stops.
   */
  readonly alsoRuns: readonly ('at-start' | 'at-stop')[];
  /** Prepares the work of a process. null: by its configuration, this process has no such work. */
  readonly prepare: (parts: Parts) => JobWork | null;
};

export type JobWork = {
  readonly run: () => Promise<void>;
  /** Period from the configuration, which replaces the period of the job. */
  readonly everyMs?: number;
  /** Ends a long run early; resolves when no run is in progress. */
  readonly stop?: () => Promise<void>;
};
