/**
 * Deletes deliveries 30 days after they were delivered or dropped, and events that have no delivery
 * any more. Events that are not given to every endpoint yet, and deliveries that are waiting or
 * dead, are kept.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { WebhookEndpoint } from '../../orders/webhook-endpoint.js';
import type { Transaction } from '../../ports/store.js';
import { type JobLease, orFail, type SharedJob, WHOLE } from '../job.js';

const RETENTION_MS = 30 * DAY_MS;
/** Other transactions wait for the end of this one. */
const ROWS_PER_TRANSACTION = 1_000;

type RetentionParts = { readonly webhooks: { readonly endpoints: readonly WebhookEndpoint[] } };

export const endOldEvents: SharedJob<RetentionParts> = {
  name: 'outbox-retention',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: ({ webhooks: { endpoints } }) => ({
    due: async () => WHOLE,
    work: (leased) => deleteOld(leased, endpoints),
  }),
};

async function deleteOld(leased: JobLease, endpoints: readonly WebhookEndpoint[]): Promise<'done' | 'more'> {
  let deleted = ROWS_PER_TRANSACTION;
  while (deleted === ROWS_PER_TRANSACTION) {
    if (leased.mustEnd()) return 'more';
    deleted = orFail(
      await leased.transaction(async (tx) => tx.deleteOldDeliveries(await beginning(tx), ROWS_PER_TRANSACTION)),
    );
  }
  let after: number | null = 0;
  while (after !== null) {
    if (leased.mustEnd()) return 'more';
    const from: number = after;
    after = orFail(
      await leased.transaction(async (tx) => {
        const cursors = await tx.webhookCursors();
        const upTo = Math.min(await tx.lastEvent(), ...endpoints.map(({ name }) => cursors.get(name) ?? 0));
        return tx.deleteOldEvents({ before: await beginning(tx), upTo, after: from, limit: ROWS_PER_TRANSACTION });
      }),
    );
  }
  return 'done';
}

/** What is older is deleted. A node whose clock is ahead would delete too much. */
async function beginning(tx: Transaction): Promise<number> {
  const { now } = await tx.databaseClock();
  return now - RETENTION_MS;
}
