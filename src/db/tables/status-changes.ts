/** Changes of status in the order of their commits: transactions are serial (ops/decisions/0009), so their numbers ascend with them. */
import { assert } from '../../kernel/assert.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StatusChangeReads } from '../../ports/status-changes.js';
import type { Session } from '../engine/session.js';
import { stateOf } from './certificate-row.js';
import { flag, integer, text } from './columns.js';

const CHANGES_SQL = `select status_events.id as seq, certificates.issuer as issuer, certificates.serial as serial, status_events.at as at
  from status_events join certificates on certificates.id = status_events.certificate_id
  where status_events.id > ? order by status_events.id limit ?`;

const EVENTS_SQL = `select at, actor, status, state_at, reason, invalidity_date from status_events
  where certificate_id = ? order by id`;

/** In the order of the unique index, which begins with serial numbers. */
const LIVE_SQL = `select serial from certificates
  where issuer = ? and serial > ? and not_after > ? and signature is not null order by serial limit ?`;

export function statusChangeReads(session: Session): StatusChangeReads {
  return {
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
    liveSerials: async (issuer, { after, now, limit }) =>
      (await session.sql(LIVE_SQL, [issuer, after, now, limit])).map((row) => text(row, 'serial')),
    isReplica: async () => {
      if (session.binaryType === 'blob') return false;
      const [row] = await session.sql('select pg_is_in_recovery() as replica');
      assert(row !== undefined, 'a function has a row');
      return flag(row, 'replica');
    },
  };
}
