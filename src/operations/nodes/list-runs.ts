/** Reads which processes serve on this database, and which have served. */
import { decideAccess } from '../../access/decide.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { RunRecord } from '../../ports/store/nodes.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** Limit of runs that are shown: all that are live, and the ended ones that started last. */
export const RUNS_SHOWN_MAX = 200;

export type Runs = {
  readonly runs: readonly RunRecord[];
  /** The time of the database, as all times of the runs. */
  readonly now: Instant;
};

export async function listRuns(
  { store }: Pick<World, 'store'>,
  account: Account,
): Promise<Result<Runs, OperationFailure>> {
  const permitted = decideAccess(account, 'read-nodes', null);
  if (!permitted.ok) return permitted;
  return store.read(async (reads) => ({
    runs: await reads.runs(RUNS_SHOWN_MAX),
    now: (await reads.databaseClock()).now,
  }));
}
