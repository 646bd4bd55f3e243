/**
 * Ends approvals that no second officer has decided in time, so that the list of open ones is short
 * and the audit log says when each ended. Safety does not depend on this job: a decision that comes
 * too late is rejected in any case.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { expireApprovals } from '../operations/approvals/expire.js';
import type { Clock } from '../ports/world.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from './job.js';

type ExpiryParts = { readonly clock: Clock };

export const expireOldApprovalsJob: SharedJob<ExpiryParts> = {
  name: 'approvals-expire',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: ({ clock }) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      return (await reads.approvalsPastEnd(now, 1)).length === 0 ? [] : CLUSTER_ITEMS;
    },
    work: (leased) => expire(leased, clock),
  }),
};

async function expire({ store, mustEnd }: JobLease, clock: Clock): Promise<'done' | 'more'> {
  while (!mustEnd()) if (!valueOrThrow(await expireApprovals({ store, clock }))) return 'done';
  return 'more';
}
