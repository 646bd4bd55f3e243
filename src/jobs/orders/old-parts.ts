/**
 * Removes the parts of uploads, because they contain names of people: 30 days after the end of an
 * order, and soon after an upload was discarded (`remove-parts.ts`).
 */
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { PARTS_KEPT_MS, removeOldParts } from '../../operations/orders/remove-parts.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from '../job.js';

export const removeUploadPartsJob: SharedJob<unknown> = {
  name: 'order-parts',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: 10 * SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: () => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      return (await reads.ordersWithOldParts(now - PARTS_KEPT_MS, 1)).length > 0 ? CLUSTER_ITEMS : [];
    },
    work: removeAll,
  }),
};

async function removeAll({ store, mustEnd }: JobLease): Promise<'done' | 'more'> {
  while (!mustEnd()) if (!valueOrThrow(await removeOldParts({ store }))) return 'done';
  return 'more';
}
