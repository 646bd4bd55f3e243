/** Reads and writes the events of the outbox, and reads the certificates that are about to end. */
import type { Instant } from '../../../kernel/clock.js';
import { eventBodyOf } from '../../../orders/webhooks.js';
import {
  EVENT_TOPICS,
  type ExpiringCertificate,
  type NumberedEvent,
  type OutboxEvent,
  type OutboxReads,
  type OutboxWrites,
} from '../../../ports/store/outbox/events.js';
import { placeholders, rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { flag, integer, oneOf, type Row, text, textOrNull } from '../columns.js';

const COLUMNS = ['event_id', 'topic', 'subject', 'account_id', 'created_at', 'body'] as const;

const ENDING_SQL = `select id, issuer, serial, profile, account_id, card_token_id, not_after from certificates
  where (not_after, id) > (?, ?) and not_after <= ? and status in ('issued', 'suspended')
  order by not_after, id limit ?`;

/** Reads the oldest events. `used`: the event has a delivery, and must not be deleted. */
const OLDEST_SQL = `select id, created_at,
    exists (select 1 from webhook_deliveries where outbox_id = outbox.id) as used
  from outbox where id > ? and id <= ? order by id limit ?`;

export function outboxReads(session: Session): OutboxReads {
  return {
    eventsAfter: async ({ after, limit }) => {
      const sql = 'select id, topic, subject, account_id from outbox where id > ? order by id limit ?';
      return (await session.sql(sql, [after, limit])).map(numberedOf);
    },
    lastEvent: async () => {
      const [row] = await session.sql('select coalesce(max(id), 0) as last from outbox');
      return row === undefined ? 0 : integer(row, 'last');
    },
    certificatesEnding: async ({ after, until, limit }) =>
      (await session.sql(ENDING_SQL, [after.notAfter, after.id, until, limit])).map(expiringOf),
  };
}

export function outboxWrites(session: Session): OutboxWrites {
  return {
    publish: async (events) => {
      const ids: number[] = [];
      for (const batch of statementBatches(events)) ids.push(...(await insertEvents(session, batch)));
      return ids;
    },
    deleteOldEvents: async ({ before, upTo, after, limit }) => {
      const rows = await session.sql(OLDEST_SQL, [after, upTo, limit]);
      const old = rowsBefore(rows, before);
      const unused = old.filter((row) => !flag(row, 'used')).map((row) => integer(row, 'id'));
      for (const batch of statementBatches(unused))
        await session.sql(`delete from outbox where id in ${placeholders(batch.length)}`, batch);
      const last = old.at(-1);
      return last === undefined || old.length < limit ? null : integer(last, 'id');
    },
  };
}

async function insertEvents(session: Session, events: readonly OutboxEvent[]): Promise<readonly number[]> {
  const row = placeholders(COLUMNS.length);
  const inserted = await session.sql(
    `insert into outbox (${COLUMNS.join(', ')}) values ${rowPlaceholders(events.length, row)} returning id`,
    events.flatMap((event) => {
      const { id, body } = eventBodyOf(event);
      return [id, event.topic, event.subject, event.account, event.at, body];
    }),
  );
  return inserted.map((one) => integer(one, 'id')).sort((one, other) => one - other);
}

function rowsBefore(rows: readonly Row[], before: Instant): readonly Row[] {
  const young = rows.findIndex((row) => integer(row, 'created_at') >= before);
  return young === -1 ? rows : rows.slice(0, young);
}

function numberedOf(row: Row): NumberedEvent {
  return {
    id: integer(row, 'id'),
    topic: oneOf(row, 'topic', EVENT_TOPICS),
    subject: text(row, 'subject'),
    account: textOrNull(row, 'account_id'),
  };
}

function expiringOf(row: Row): ExpiringCertificate {
  return {
    id: text(row, 'id'),
    issuer: text(row, 'issuer'),
    serial: text(row, 'serial'),
    profile: text(row, 'profile'),
    accountId: text(row, 'account_id'),
    cardTokenId: textOrNull(row, 'card_token_id'),
    notAfter: integer(row, 'not_after'),
  };
}
