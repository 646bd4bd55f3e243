/**
 * Deletes finished idempotency claims 30 days after their requests, so that the table does not grow
 * for ever. From then on, a request with the same key is a new request. Claims of requests in
 * progress are kept.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from './job.js';

const RETENTION_MS = 30 * DAY_MS;
/**
 * Limit of the claims that one transaction deletes, because other transactions wait for its end.
 */
const CLAIMS_PER_TRANSACTION = 1_000;

export const deleteOldIdempotencyClaimsJob: SharedJob<unknown> = {
  name: 'idempotency-retention',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: () => ({ due: async () => CLUSTER_ITEMS, work: deleteOld }),
};

async function deleteOld(leased: JobLease): Promise<'done' | 'more'> {
  while (!leased.mustEnd()) {
    const deleted = valueOrThrow(
      await leased.transaction(async (tx) => {
        // The clock of the database decides: a node whose clock is ahead would delete claims whose
        // requests are still repeated.
        const { now } = await tx.databaseClock();
        return tx.deleteFinishedClaims(now - RETENTION_MS, CLAIMS_PER_TRANSACTION);
      }),
    );
    if (deleted < CLAIMS_PER_TRANSACTION) return 'done';
  }
  return 'more';
}
