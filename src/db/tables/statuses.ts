/**
 * Reads and writes the statuses of certificates and their changes. Transactions are serial
 * (ops/decisions/0009), so the numbers of the changes ascend in the order of the commits.
 */
import { assert, present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StatusReads, StatusRecord, StatusWrites, StoredState } from '../../ports/store/statuses.js';
import { together } from '../../ports/together.js';
import { insert, placeholders, rowPlaceholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { stateColumns, stateOf } from './certificate-row.js';
import { flag, integer, integerOrNull, type Row, text, textOrNull } from './columns.js';

export const STATUS_COLUMNS = `serial, status, state_at, reason, invalidity_date, not_after,
  case when signature is null then 0 else 1 end as signed`;

const LAST_CHANGE_SQL = 'select coalesce(max(id), 0) as seq from status_events where affects_status';

/**
 * Reads the statuses and the number of the last change in one statement, and therefore from one
 * snapshot of one server. It returns a row for each certificate, or one row if there is no
 * certificate.
 */
const STATUSES_SQL = `select newest.seq, ${STATUS_COLUMNS}
  from (${LAST_CHANGE_SQL}) as newest left join certificates on issuer = ? and serial in`;

const CHANGES_SQL = `select status_events.id as seq, certificates.issuer as issuer, certificates.serial as serial, status_events.at as at
  from status_events join certificates on certificates.id = status_events.certificate_id
  where affects_status and status_events.id > ? order by status_events.id limit ?`;

const EVENTS_SQL = `select at, actor, audit_seq, case when affects_status then id end as change,
  status, state_at, reason, invalidity_date from status_events
  where certificate_id = ? order by id`;

/** Reads serial numbers in the order of the unique index, which begins with the serial number. */
const UNEXPIRED_SQL = `select serial from certificates
  where issuer = ? and serial > ? and not_after > ? and signature is not null order by serial limit ?`;

export function statusReads(session: Session): StatusReads {
  const lastStatusChange = async (): Promise<number> => {
    const [row] = await session.sql(LAST_CHANGE_SQL);
    return integer(present(row, 'the row of an aggregate'), 'seq');
  };
  return {
    status: async (issuer, serial) => {
      const sql = `select ${STATUS_COLUMNS} from certificates where issuer = ? and serial = ?`;
      const [row] = await session.sql(sql, [issuer, serial]);
      return row === undefined ? null : statusOf(row);
    },
    statuses: async (issuer, serials) => {
      const records = new Map<string, StatusRecord>();
      let lastChange = serials.length === 0 ? await lastStatusChange() : Number.POSITIVE_INFINITY;
      for (const batch of statementBatches(serials)) {
        const sql = `${STATUSES_SQL} ${placeholders(roundUpToPowerOfTwo(batch.length))}`;
        const paddedSerials = [
          ...batch,
          ...Array<string>(roundUpToPowerOfTwo(batch.length) - batch.length).fill(batch[0] ?? ''),
        ];
        for (const row of await session.sql(sql, [issuer, ...paddedSerials])) {
          lastChange = Math.min(lastChange, integer(row, 'seq'));
          const serial = textOrNull(row, 'serial');
          if (serial !== null) records.set(serial, statusOf(row));
        }
      }
      return { records, lastChange };
    },
    statusChanges: async (after, limit) =>
      (await session.sql(CHANGES_SQL, [after, limit])).map((row) => ({
        seq: integer(row, 'seq'),
        issuer: text(row, 'issuer') as IssuerId,
        serial: text(row, 'serial'),
        at: integer(row, 'at'),
      })),
    lastStatusChange,
    statusEvents: async (certificateId) =>
      (await session.sql(EVENTS_SQL, [certificateId])).map((row) => ({
        at: integer(row, 'at'),
        actor: text(row, 'actor'),
        state: stateOf(row),
        auditSeq: integer(row, 'audit_seq'),
        change: integerOrNull(row, 'change'),
      })),
    unexpiredSerials: async (issuer, { after, now, limit }) =>
      (await session.sql(UNEXPIRED_SQL, [issuer, after, now, limit])).map((row) => text(row, 'serial')),
  };
}

/**
 * Rounds up to a power of two, so that `in` lists have few lengths and few statements are prepared.
 */
function roundUpToPowerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

export function statusOf(row: Row): StatusRecord {
  return { state: stateOf(row), notAfter: integer(row, 'not_after'), signed: flag(row, 'signed') };
}

export function statusWrites(session: Session): StatusWrites {
  return {
    setState: (id, state, event) => setState(session, { id, state, event }),
    setStates: (changes, event) => setStates(session, changes, event),
    confirmCertificates: (confirmed) => confirmCertificates(session, confirmed),
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
    session
      .db('status_events')
      .insert({ certificate_id: id, issuer, audit_seq: auditSeq, affects_status: true, ...cause, ...columns }),
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
  for (const batch of statementBatches(changes)) {
    const columns = batch.map(({ id, state, auditSeq }) => ({ id, audit_seq: auditSeq, ...stateColumns(state) }));
    const changed = await session.sql(
      `with changed (id, status, state_at, reason, invalidity_date) as (values ${rowPlaceholders(batch.length, row)})
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
    assert(changed.length === batch.length, 'the states of certificates that are there');
    const issuers = new Map(changed.map((row) => [text(row, 'id'), text(row, 'issuer')]));
    const events = columns.map(({ id, ...state }) => ({
      certificate_id: id,
      issuer: present(issuers.get(id), 'issuer of a certificate that is there'),
      affects_status: true,
      ...event,
      ...state,
    }));
    await insert(session, 'status_events', events);
  }
}

async function confirmCertificates(
  session: Session,
  confirmed: Parameters<StatusWrites['confirmCertificates']>[0],
): Promise<void> {
  for (const batch of statementBatches(confirmed)) {
    const updated = session.sql(
      `update certificates set status = 'issued', confirmed = true where status = 'pending' and id in ${placeholders(batch.length)}
        returning id`,
      batch.map(({ id }) => id),
    );
    const events = batch.map(({ id, issuer, auditSeq, at, actor }) => ({
      certificate_id: id,
      issuer,
      audit_seq: auditSeq,
      affects_status: false,
      at,
      actor,
      status: 'issued',
    }));
    const [changed] = await together([updated, insert(session, 'status_events', events)]);
    assert(changed.length === batch.length, 'a confirmed certificate was pending');
  }
}
