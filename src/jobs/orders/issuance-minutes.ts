/**
 * Deletes old counts of issued certificates, so that their tables do not grow for ever: the counts
 * of each minute, which decide the pace of orders (`src/operations/issuance/pace.ts`), and the
 * counts of each hour and account (`quota.ts` beside it), which people read for a year.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { CLUSTER_ITEMS, type SharedJob, valueOrThrow } from '../job.js';

/**
 * Twice the time over which the pace looks back, so that no count is deleted too early when clocks
 * differ.
 */
const RETENTION_MS = 2 * HOUR_MS;
const ACCOUNT_RETENTION_MS = 400 * DAY_MS;

export const deleteOldIssuanceCountsJob: SharedJob<unknown> = {
  name: 'issuance-minutes',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: () => ({
    due: async () => CLUSTER_ITEMS,
    work: async (leased) => {
      valueOrThrow(
        await leased.transaction(async (tx) => {
          const { now } = await tx.databaseClock();
          await tx.deleteIssuanceMinutes(Math.floor((now - RETENTION_MS) / MINUTE_MS));
          await tx.deleteAccountUse(Math.floor((now - ACCOUNT_RETENTION_MS) / HOUR_MS));
        }),
      );
      return 'done';
    },
  }),
};
