/** The jobs that nodes share, as the API and the command show them. */
import { formatInstant, instantOrNull } from '../../kernel/clock.js';
import type { JobState } from '../../operations/nodes/list-jobs.js';

export type ShownJob = {
  readonly job: string;
  /** Empty for a job of the whole installation. */
  readonly item: string;
  readonly nextAt: string;
  readonly failures: number;
  readonly lastStartedAt: string;
  readonly lastSuccessAt: string | null;
  readonly lastError: string | null;
  /** null: nobody works on it now. `node`: its name; null: it is not known. */
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
