/** Reads the jobs that nodes share, and who works on them. */
import { decideAccess } from '../../access/decide.js';
import type { Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { JobSchedule } from '../../ports/store/jobs.js';
import type { Reads } from '../../ports/store.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { RUNS_SHOWN_MAX } from './list-runs.js';

/** Limit of items that are shown, in the order of their jobs and names. */
const ITEMS_SHOWN_MAX = 1_000;

export type JobState = JobSchedule & {
  /** null: nobody works on it now. `node`: its name; null: it is not known. */
  readonly holder: { readonly run: string; readonly node: string | null } | null;
};

export async function listJobs(
  { store }: Pick<World, 'store'>,
  account: Account,
): Promise<Result<readonly JobState[], OperationFailure>> {
  const permitted = decideAccess(account, 'read-nodes', null);
  return permitted.ok ? store.read(readJobs) : permitted;
}

export async function readJobs(reads: Pick<Reads, 'jobs' | 'runs'>): Promise<readonly JobState[]> {
  const jobs = await reads.jobs({ limit: ITEMS_SHOWN_MAX });
  const nodes = new Map((await reads.runs(RUNS_SHOWN_MAX)).map(({ run, name }) => [run as string, name]));
  return jobs.map(({ cursor: _cursor, holder, ...schedule }) => ({
    ...schedule,
    holder: holder === null ? null : { run: holder, node: nodes.get(holder) ?? null },
  }));
}
