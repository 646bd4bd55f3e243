/**
 * Deletes deliveries 30 days after they were delivered or dropped, and events that are as old and
 * have no delivery any more. A dead delivery that no officer has sent again or dropped is dropped
 * 30 days after its first attempt, because later events of its subject wait for it. Deliveries that
 * are waiting are kept, and so are events for which the job `webhook-fan-out` has not made the
 * deliveries of every endpoint yet.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { WebhookEndpoint } from '../../orders/webhooks.js';
import type { Delivery } from '../../ports/store/outbox/deliveries.js';
import type { Transaction } from '../../ports/store.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from '../job.js';

const RETENTION_MS = 30 * DAY_MS;
/** Limit of the rows that one transaction changes, because other transactions wait for its end. */
const ROWS_PER_TRANSACTION = 1_000;

type RetentionParts = { readonly webhooks: { readonly endpoints: readonly WebhookEndpoint[] } };

export const deleteOldWebhookEventsJob: SharedJob<RetentionParts> = {
  name: 'outbox-retention',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: ({ webhooks: { endpoints } }) => ({
    due: async () => CLUSTER_ITEMS,
    work: (leased) => deleteOld(leased, endpoints),
  }),
};

async function deleteOld(leased: JobLease, endpoints: readonly WebhookEndpoint[]): Promise<'done' | 'more'> {
  let deleted = ROWS_PER_TRANSACTION;
  while (deleted === ROWS_PER_TRANSACTION) {
    if (leased.mustEnd()) return 'more';
    deleted = valueOrThrow(
      await leased.transaction(async (tx) => tx.deleteOldDeliveries(await retentionStart(tx), ROWS_PER_TRANSACTION)),
    );
  }
  for (const { name } of endpoints) if (!(await dropOldDead(leased, name))) return 'more';
  let after: number | null = 0;
  while (after !== null) {
    if (leased.mustEnd()) return 'more';
    const from: number = after;
    after = valueOrThrow(
      await leased.transaction(async (tx) => {
        const cursors = await tx.webhookCursors();
        const upTo = Math.min(await tx.lastEvent(), ...endpoints.map(({ name }) => cursors.get(name) ?? 0));
        return tx.deleteOldEvents({ before: await retentionStart(tx), upTo, after: from, limit: ROWS_PER_TRANSACTION });
      }),
    );
  }
  return 'done';
}

/**
 * Drops the old dead deliveries of an endpoint. false: the work has to end before all of them were
 * read.
 */
async function dropOldDead(leased: JobLease, endpoint: string): Promise<boolean> {
  let before: number | undefined;
  do {
    if (leased.mustEnd()) return false;
    const page = valueOrThrow(await leased.transaction((tx) => dropPage(tx, endpoint, before)));
    before = page.length === ROWS_PER_TRANSACTION ? page.at(-1)?.event : undefined;
  } while (before !== undefined);
  return true;
}

/** Drops the old ones of one page of dead deliveries, and returns the whole page, newest first. */
async function dropPage(tx: Transaction, endpoint: string, before: number | undefined): Promise<readonly Delivery[]> {
  const dead = await tx.deliveries({ endpoint, state: 'dead', before, limit: ROWS_PER_TRANSACTION });
  const { now: at } = await tx.databaseClock();
  const old = dead.filter(({ firstAt, createdAt }) => (firstAt ?? createdAt) < at - RETENTION_MS);
  await tx.updateDeliveries(
    old.map((delivery) => ({ delivery, progress: { ...delivery, state: 'dropped', doneAt: at } })),
  );
  await tx.appendAudit(
    old.map(({ eventId: id, topic, subject }) => {
      const details = { id, endpoint, topic, subject };
      return { at, type: 'webhook.dropped', actor: 'system', details };
    }),
  );
  return dead;
}

/**
 * Returns the time before which rows are deleted. It is computed from the clock of the database,
 * because a node whose clock is ahead would delete too much.
 */
async function retentionStart(tx: Transaction): Promise<number> {
  const { now } = await tx.databaseClock();
  return now - RETENTION_MS;
}
