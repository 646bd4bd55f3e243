/** Converts the jobs that nodes share to the JSON of the API and of the command that lists them. */
import { formatInstant, instantOrNull } from '../../kernel/clock.js';
import type { JobState } from '../../operations/nodes/list-jobs.js';

export type ShownJob = {
  readonly job: string;
  /** What the job is done for; empty: the whole installation. */
  readonly item: string;
  readonly nextAt: string;
  readonly failures: number;
  readonly lastStartedAt: string;
  readonly lastSuccessAt: string | null;
  readonly lastError: string | null;
  /**
   * The run that works on the job now; null: none does. `node`: the name of its node; null: it is
   * not known.
   */
  readonly holder: { readonly run: string; readonly node: string | null } | null;
};

export function renderJobs(jobs: readonly JobState[]): readonly ShownJob[] {
  return jobs.map(({ job, item, nextAt, failures, lastStartedAt, lastSuccessAt, lastError, holder }) => ({
    job,
    item,
    nextAt: formatInstant(nextAt),
    failures,
    lastStartedAt: formatInstant(lastStartedAt),
    lastSuccessAt: instantOrNull(lastSuccessAt),
    lastError,
    holder,
  }));
}
