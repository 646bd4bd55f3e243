/** The jobs that nodes share, as the API and the command show them. */
import { formatInstant } from '../../kernel/clock.js';
import type { Reads } from '../../ports/store.js';
import { RUNS_SHOWN_MAX } from './render-nodes.js';

/** Limit of items that are shown, in the order of their jobs and names. */
const ITEMS_SHOWN_MAX = 1_000;

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

export async function readJobs(reads: Pick<Reads, 'jobs' | 'runs'>): Promise<readonly ShownJob[]> {
  const jobs = await reads.jobs({ limit: ITEMS_SHOWN_MAX });
  const nodes = new Map((await reads.runs(RUNS_SHOWN_MAX)).map(({ run, name }) => [run as string, name]));
  return jobs.map(({ job, item, nextAt, failures, lastStartedAt, lastSuccessAt, lastError, holder }) => ({
    job,
    item,
    nextAt: formatInstant(nextAt),
    failures,
    lastStartedAt: formatInstant(lastStartedAt),
    lastSuccessAt: lastSuccessAt === null ? null : formatInstant(lastSuccessAt),
    lastError,
    holder: holder === null ? null : { run: holder, node: nodes.get(holder) ?? null },
  }));
}
