/**
 * Does what is due for remote updates: an update that was not confirmed in time becomes
 * undetermined, an undetermined one counts as confirmed when all old certificates have ended, and a
 * confirmed one is completed at the end of its overlap (`src/operations/updates/due.ts`). One
 * process at a time does it.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { workDueUpdates } from '../operations/updates/due.js';
import type { World } from '../operations/world.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from './job.js';

type DueParts = Pick<World, 'clock' | 'log' | 'statusChanged'>;

export const processDueUpdatesJob: SharedJob<DueParts> = {
  name: 'updates-due',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: 10 * SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: true,
  prepare: (parts) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      return (await reads.updatesDue(now, 1)).length > 0 ? CLUSTER_ITEMS : [];
    },
    work: (leased) => work(parts, leased),
  }),
};

async function work(parts: DueParts, { store, mustEnd }: JobLease): Promise<'done' | 'more'> {
  while (!mustEnd()) if (!valueOrThrow(await workDueUpdates({ ...parts, store }))) return 'done';
  return 'more';
}
