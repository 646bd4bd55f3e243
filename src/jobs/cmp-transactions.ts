/**
 * Ends CMP transactions whose time has passed, and removes those that ended long ago. The job runs
 * often, because a certificate that its client has not confirmed in time stays valid until this job
 * revokes it. If its profile says `undetermined`, it stays valid, and its client may still confirm
 * it.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { lapseTransactions, removeTransactions } from '../operations/cmp/lapse.js';
import type { World } from '../operations/world.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from './job.js';

type CmpTransactionParts = Pick<World, 'clock' | 'policy' | 'statusChanged'>;

export const endCmpTransactionsJob: SharedJob<CmpTransactionParts> = {
  name: 'cmp-transactions',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: 10 * SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      const { retentionMs } = parts.policy.environment.enrolment.cmp;
      const isDue =
        (await reads.cmpTransactionsPastEnd(now, 1)).length > 0 ||
        (await reads.hasEndedCmpTransactions(now - retentionMs));
      return isDue ? CLUSTER_ITEMS : [];
    },
    work: (leased) => endAndRemove(leased, parts),
  }),
};

async function endAndRemove(
  { store, mustEnd }: JobLease,
  { clock, policy, statusChanged }: CmpTransactionParts,
): Promise<'done' | 'more'> {
  for (const work of [lapseTransactions, removeTransactions]) {
    let more = true;
    while (more) {
      if (mustEnd()) return 'more';
      more = valueOrThrow(await work({ store, clock, policy, statusChanged }));
    }
  }
  return 'done';
}
