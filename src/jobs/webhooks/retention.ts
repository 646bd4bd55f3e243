/**
 * Deletes deliveries 30 days after they were delivered or dropped, and events that have no delivery
 * any more. A dead delivery that no officer has sent again or dropped is dropped 30 days after its
 * first attempt, because later events of its subject wait for it. Events that are not given to
 * every endpoint yet, and deliveries that are waiting, are kept.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { WebhookEndpoint } from '../../orders/webhook-endpoint.js';
import type { Delivery } from '../../ports/store/outbox/deliveries.js';
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
  for (const { name } of endpoints) if (!(await dropOldDead(leased, name))) return 'more';
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

/** false: the work has to end before all dead deliveries of the endpoint were looked at. */
async function dropOldDead(leased: JobLease, endpoint: string): Promise<boolean> {
  let before: number | undefined;
  do {
    if (leased.mustEnd()) return false;
    const page = orFail(await leased.transaction((tx) => dropPage(tx, endpoint, before)));
    before = page.length === ROWS_PER_TRANSACTION ? page.at(-1)?.event : undefined;
  } while (before !== undefined);
  return true;
}

/** Returns the dead deliveries that it has looked at, newest first. */
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

/** What is older is deleted. A node whose clock is ahead would delete too much. */
async function beginning(tx: Transaction): Promise<number> {
  const { now } = await tx.databaseClock();
  return now - RETENTION_MS;
}
