/** Reads and writes deliveries of events to endpoints. */
import { assert } from '../../../kernel/assert.js';
import {
  DELIVERY_ERROR_CHARACTERS_MAX,
  DELIVERY_STATES,
  type Delivery,
  type DeliveryProgress,
  type DeliveryReads,
  type DeliveryWrites,
} from '../../../ports/store/outbox/deliveries.js';
import { EVENT_TOPICS } from '../../../ports/store/outbox/events.js';
import { insert, rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { integer, integerOrNull, oneOf, type Row, text, textOrNull } from '../columns.js';

const DELIVERY_COLUMNS = 'd.*, o.event_id, o.topic, o.account_id, o.created_at';
const DELIVERIES_SQL = `select ${DELIVERY_COLUMNS} from webhook_deliveries d join outbox o on o.id = d.outbox_id`;

/**
 * Finds the deliveries to attempt now. A delivery waits while an earlier one of its subject is
 * unfinished. The states are literals in the SQL, so that the planner can use the partial indexes.
 * A condition with `not exists` would find the same rows, but PostgreSQL would join all waiting
 * deliveries in each round (56 ms with 6,000 of them). With `min` it examines one after the other
 * and stops at the limit.
 */
const DUE_SQL = `select ${DELIVERY_COLUMNS}, o.body from webhook_deliveries d join outbox o on o.id = d.outbox_id
  where d.endpoint = ? and d.state = 'waiting' and d.next_at <= ?
    and d.outbox_id = (select min(first.outbox_id) from webhook_deliveries first
      where first.endpoint = d.endpoint and first.subject = d.subject and first.state in ('waiting', 'dead'))
  order by d.next_at, d.outbox_id limit ?`;

const COUNTS_SQL = `select counted.endpoint, counted.state, counted.number, o.created_at from (
    select endpoint, state, count(*) as number, min(outbox_id) as oldest from webhook_deliveries
    where state in ('waiting', 'dead') group by endpoint, state) counted
  join outbox o on o.id = counted.oldest order by counted.endpoint, counted.state`;

const UNFINISHED_STATES = ['waiting', 'dead'] as const;

export function deliveryReads(session: Session): DeliveryReads {
  return {
    webhookCursors: async () => {
      const rows = await session.sql('select endpoint, last_id from webhook_cursors');
      return new Map(rows.map((row) => [text(row, 'endpoint'), integer(row, 'last_id')]));
    },
    dueDeliveries: async ({ endpoint, now, limit }) => {
      const rows = await session.sql(DUE_SQL, [endpoint, now, limit]);
      return rows.map((row) => ({ ...deliveryOf(row), body: text(row, 'body') }));
    },
    delivery: async ({ endpoint, event }) => {
      const sql = `${DELIVERIES_SQL} where d.endpoint = ? and d.outbox_id = ?`;
      const [row] = await session.sql(sql, [endpoint, event]);
      return row === undefined ? null : deliveryOf(row);
    },
    deliveries: async ({ endpoint, state, before = Number.MAX_SAFE_INTEGER, limit }) => {
      const ofState = state === undefined ? '' : ` and d.state = '${state}'`;
      const sql = `${DELIVERIES_SQL} where d.endpoint = ? and d.outbox_id < ?${ofState} order by d.outbox_id desc limit ?`;
      return (await session.sql(sql, [endpoint, before, limit])).map(deliveryOf);
    },
    deliveryCounts: async () =>
      (await session.sql(COUNTS_SQL)).map((row) => ({
        endpoint: text(row, 'endpoint'),
        state: oneOf(row, 'state', UNFINISHED_STATES),
        count: integer(row, 'number'),
        oldestAt: integer(row, 'created_at'),
      })),
  };
}

export function deliveryWrites(session: Session): DeliveryWrites {
  const { db } = session;
  return {
    insertDeliveries: async (deliveries) => {
      const rows = deliveries.map(({ endpoint, event, subject, nextAt }) => ({
        endpoint,
        outbox_id: event,
        subject,
        state: 'waiting',
        attempts: 0,
        next_at: nextAt,
      }));
      for (const batch of statementBatches(rows)) await insert(session, 'webhook_deliveries', batch);
    },
    setWebhookCursor: async (endpoint, last) => {
      const row = { endpoint, last_id: last };
      await session.rows(db('webhook_cursors').insert(row).onConflict('endpoint').merge());
    },
    updateDeliveries: async (updates) => {
      for (const batch of statementBatches(updates)) {
        const changed = await session.sql(
          updateSql(batch.length),
          batch.flatMap(({ delivery: { endpoint, event }, progress }) => [
            endpoint,
            event,
            ...progressValues(progress),
          ]),
        );
        assert(changed.length === batch.length, 'deliveries that are there, each once');
      }
    },
    deleteOldDeliveries: async (before, limit) => {
      const sql = `delete from webhook_deliveries where (endpoint, outbox_id) in (
        select endpoint, outbox_id from webhook_deliveries where done_at < ? limit ?) returning outbox_id`;
      return (await session.sql(sql, [before, limit])).length;
    },
  };
}

const PROGRESS_COLUMNS = ['state', 'attempts', 'first_at', 'next_at', 'last_status', 'last_error', 'done_at'] as const;
/**
 * The SQL types of the columns. Without them, PostgreSQL takes the parameters in a list of values
 * for texts.
 */
const PROGRESS_TYPES = ['varchar', 'int', 'bigint', 'bigint', 'int', 'varchar', 'bigint'] as const;

function updateSql(count: number): string {
  const casts = ['varchar', 'bigint', ...PROGRESS_TYPES].map((type) => `cast(? as ${type})`);
  return `with tried (endpoint, event, ${PROGRESS_COLUMNS.join(', ')}) as (values ${rowPlaceholders(count, `(${casts.join(', ')})`)})
    update webhook_deliveries set ${PROGRESS_COLUMNS.map((column) => `${column} = tried.${column}`).join(', ')}
    from tried where webhook_deliveries.endpoint = tried.endpoint and webhook_deliveries.outbox_id = tried.event
    returning webhook_deliveries.outbox_id`;
}

function progressValues(progress: DeliveryProgress): readonly (string | number | null)[] {
  const { state, attempts, firstAt, nextAt, lastStatus, lastError, doneAt } = progress;
  assert((lastError ?? '').length <= DELIVERY_ERROR_CHARACTERS_MAX, 'an error has a limit');
  return [state, attempts, firstAt, nextAt, lastStatus, lastError, doneAt];
}

function deliveryOf(row: Row): Delivery {
  return {
    endpoint: text(row, 'endpoint'),
    event: integer(row, 'outbox_id'),
    eventId: text(row, 'event_id'),
    topic: oneOf(row, 'topic', EVENT_TOPICS),
    subject: text(row, 'subject'),
    account: textOrNull(row, 'account_id'),
    createdAt: integer(row, 'created_at'),
    state: oneOf(row, 'state', DELIVERY_STATES),
    attempts: integer(row, 'attempts'),
    firstAt: integerOrNull(row, 'first_at'),
    nextAt: integerOrNull(row, 'next_at'),
    lastStatus: integerOrNull(row, 'last_status'),
    lastError: textOrNull(row, 'last_error'),
    doneAt: integerOrNull(row, 'done_at'),
  };
}
