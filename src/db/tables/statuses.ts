/**
 * Statuses and their changes. Transactions are serial (ops/decisions/0009), so the numbers of the
 * changes rise in the order of the commits.
 */
import { assert, present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StatusReads, StatusRecord, StatusWrites, StoredState } from '../../ports/store/statuses.js';
import { insert, placeholders, rowPlaceholders, statementBatches } from '../engine/many.js';
import type { Session } from '../engine/session.js';
import { stateColumns, stateOf } from './certificate-row.js';
import { flag, integer, type Row, text } from './columns.js';

const STATUS_SQL = `select serial, status, state_at, reason, invalidity_date, not_after,
  case when signature is null then 0 else 1 end as signed from certificates where issuer = ? and serial`;

const CHANGES_SQL = `select status_events.id as seq, certificates.issuer as issuer, certificates.serial as serial, status_events.at as at
  from status_events join certificates on certificates.id = status_events.certificate_id
  where status_events.id > ? order by status_events.id limit ?`;

const EVENTS_SQL = `select at, actor, status, state_at, reason, invalidity_date from status_events
  where certificate_id = ? order by id`;

/** The order is that of the unique index, which begins with the serial number. */
const UNEXPIRED_SQL = `select serial from certificates
  where issuer = ? and serial > ? and not_after > ? and signature is not null order by serial limit ?`;

export function statusReads(session: Session): StatusReads {
  return {
    status: async (issuer, serial) => {
      const [row] = await session.sql(`${STATUS_SQL} = ?`, [issuer, serial]);
      return row === undefined ? null : statusOf(row);
    },
    statuses: async (issuer, serials) => {
      const found = new Map<string, StatusRecord>();
      for (const some of statementBatches(serials)) {
        const sql = `${STATUS_SQL} in ${placeholders(roundedUp(some.length))}`;
        const asked = [...some, ...Array<string>(roundedUp(some.length) - some.length).fill(some[0] ?? '')];
        for (const row of await session.sql(sql, [issuer, ...asked])) found.set(text(row, 'serial'), statusOf(row));
      }
      return found;
    },
    statusChanges: async (after, limit) =>
      (await session.sql(CHANGES_SQL, [after, limit])).map((row) => ({
        seq: integer(row, 'seq'),
        issuer: text(row, 'issuer') as IssuerId,
        serial: text(row, 'serial'),
        at: integer(row, 'at'),
      })),
    lastStatusChange: async () => {
      const [row] = await session.sql('select coalesce(max(id), 0) as seq from status_events');
      assert(row !== undefined, 'an aggregate has a row');
      return integer(row, 'seq');
    },
    statusEvents: async (certificateId) =>
      (await session.sql(EVENTS_SQL, [certificateId])).map((row) => ({
        at: integer(row, 'at'),
        actor: text(row, 'actor'),
        state: stateOf(row),
      })),
    unexpiredSerials: async (issuer, { after, now, limit }) =>
      (await session.sql(UNEXPIRED_SQL, [issuer, after, now, limit])).map((row) => text(row, 'serial')),
    isReplica: async () => {
      if (session.binaryType === 'blob') return false;
      const [row] = await session.sql('select pg_is_in_recovery() as replica');
      assert(row !== undefined, 'a function has a row');
      return flag(row, 'replica');
    },
  };
}

/** Rounds up to a power of two, so that few different texts are prepared. */
function roundedUp(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

function statusOf(row: Row): StatusRecord {
  return { state: stateOf(row), notAfter: integer(row, 'not_after'), signed: flag(row, 'signed') };
}

export function statusWrites(session: Session): StatusWrites {
  return {
    setState: (id, state, event) => setState(session, { id, state, event }),
    setStates: (changes, event) => setStates(session, changes, event),
  };
}

async function setState(
  session: Session,
  change: {
    readonly id: string;
    readonly state: StoredState;
    readonly event: { readonly at: Instant; readonly actor: string; readonly auditSeq: number };
  },
): Promise<void> {
  const { id, event } = change;
  const { auditSeq, ...cause } = event;
  const columns = stateColumns(change.state);
  const changed = await session.rows(
    session.db('certificates').where({ id }).update(columns).returning(['issuer', 'id']),
  );
  assert(changed.length === 1, 'the state of a certificate that is there');
  const issuer = text(present(changed[0], 'the certificate'), 'issuer');
  await session.rows(
    session.db('status_events').insert({ certificate_id: id, issuer, audit_seq: auditSeq, ...cause, ...columns }),
  );
}

type StateChanges = Parameters<StatusWrites['setStates']>[0];

async function setStates(
  session: Session,
  changes: StateChanges,
  event: { readonly at: Instant; readonly actor: string },
): Promise<void> {
  // The database cannot infer the types of these parameters.
  const row = '(cast(? as varchar), cast(? as varchar), cast(? as bigint), cast(? as varchar), cast(? as bigint))';
  for (const some of statementBatches(changes)) {
    const columns = some.map(({ id, state, auditSeq }) => ({ id, audit_seq: auditSeq, ...stateColumns(state) }));
    const changed = await session.sql(
      `with changed (id, status, state_at, reason, invalidity_date) as (values ${rowPlaceholders(some.length, row)})
        update certificates set status = changed.status, state_at = changed.state_at, reason = changed.reason,
          invalidity_date = changed.invalidity_date from changed
        where certificates.id = changed.id returning certificates.id as id, certificates.issuer as issuer`,
      columns.flatMap(({ id, status, state_at, reason, invalidity_date }) => [
        id,
        status,
        state_at,
        reason,
        invalidity_date,
      ]),
    );
    assert(changed.length === some.length, 'the states of certificates that are there');
    const issuers = new Map(changed.map((row) => [text(row, 'id'), text(row, 'issuer')]));
    const events = columns.map(({ id, ...state }) => ({
      certificate_id: id,
      issuer: present(issuers.get(id), 'issuer of a certificate that is there'),
      ...event,
      ...state,
    }));
    await insert(session, 'status_events', events);
  }
}
