/**
 * Computes the content of a delta CRL (RFC 5280 5.2.4): the difference between the full CRL of this
 * moment and an earlier one. It is computed from the changes in between and not from the CRLs, so
 * the time that it takes depends on the number of changes and not on the length of the CRLs.
 */
import type { Instant } from '../../kernel/clock.js';
import type { ListSeen, RevokedEntry, SnapshotRequest } from '../../ports/store/crls.js';
import type { Session } from '../engine/session.js';
import { isPostgresql } from '../schema/dialect.js';
import { stateOf } from './certificate-row.js';
import { integer, type Row, text } from './columns.js';

type DeltaRequest = {
  readonly request: SnapshotRequest;
  readonly base: ListSeen;
  readonly seen: ListSeen;
  readonly entriesMax: number;
};

const COLUMNS = 'c.serial, c.status, c.state_at, c.reason, c.invalidity_date, c.not_after';

/**
 * Returns the entries of the delta CRL, ascending by serial number. null: more than `entriesMax`
 * changes, or more than `entriesMax` certificates that leave or return to the CRL, would have to be
 * in memory.
 */
export async function readChanges(session: Session, delta: DeltaRequest): Promise<readonly RevokedEntry[] | null> {
  const changed = await changedRows(session, delta);
  const ended = changed === null ? null : await endedRows(session, delta);
  if (changed === null || ended === null) return null;
  const bySerial = new Map<string, RevokedEntry>();
  for (const row of [...ended, ...changed]) {
    const entry = entryOf(row, delta.seen.listedSince);
    if (entry !== null) bySerial.set(entry.serial, entry);
  }
  return [...bySerial.values()].sort((a, b) => (a.serial < b.serial ? -1 : 1));
}

/**
 * Returns the certificates that have changed since the base, with their present status. null: there
 * are more than `entriesMax` changes.
 */
async function changedRows(
  session: Session,
  { request: { issuer, partition }, base, entriesMax }: DeltaRequest,
): Promise<readonly Row[] | null> {
  const beyond = await session.first(
    session.db.raw(
      'select id from status_events where issuer = ? and id > ? and affects_status order by id limit 1 offset ?',
      [issuer, base.change, entriesMax],
    ),
  );
  if (beyond !== null) return null;
  return session.rows(
    session.db.raw(
      `select ${COLUMNS}, e.at as changed_at, case when exists (
          select 1 from status_events s where s.certificate_id = c.id and s.status = 'suspended'
        ) then 1 else 0 end as was_held
      from (select certificate_id, max(at) as at from status_events
        where issuer = ? and id > ? and affects_status group by certificate_id) e
      join certificates c on c.id = e.certificate_id ${partition === null ? '' : 'where c.crl_partition = ?'}`,
      [issuer, base.change, ...(partition === null ? [] : [partition])],
    ),
  );
}

/**
 * Returns the certificates that leave the CRL because they have expired, or return to it because an
 * earlier CRL was made with a wrong clock: those whose end, or whose last change of status if that
 * is later, is between the `listedSince` of the two CRLs. null: there are more than `entriesMax`.
 */
async function endedRows(
  session: Session,
  { request: { issuer, partition }, base, seen, entriesMax }: DeltaRequest,
): Promise<readonly Row[] | null> {
  const until = `${isPostgresql(session.db) ? 'greatest' : 'max'}(c.not_after, c.state_at)`;
  const from = Math.min(base.listedSince, seen.listedSince);
  const to = Math.max(base.listedSince, seen.listedSince);
  const rows = await session.rows(
    session.db.raw(
      `select ${COLUMNS} from certificates c
      where c.issuer = ? and c.status in ('revoked', 'suspended') and ${until} >= ? and ${until} < ?
        ${partition === null ? '' : 'and c.crl_partition = ?'} limit ?`,
      [issuer, from, to, ...(partition === null ? [] : [partition]), entriesMax + 1],
    ),
  );
  return rows.length > entriesMax ? null : rows;
}

/** Returns the entry for a certificate. null: no CRL can have listed the certificate. */
function entryOf(row: Row, listedSince: Instant): RevokedEntry | null {
  const state = stateOf(row);
  const serial = text(row, 'serial');
  const isDated = state.status === 'revoked' || state.status === 'suspended';
  if (isDated && Math.max(state.at, integer(row, 'not_after')) >= listedSince) {
    const reason = state.status === 'revoked' ? state.reason : 'certificateHold';
    return { serial, at: state.at, reason, invalidityDate: state.invalidityDate };
  }
  // RFC 5280 5.2.4 requires `removeFromCRL` even if only a CRL between the two listed the
  // certificate, and the base did not.
  if (!isDated && integer(row, 'was_held') === 0) return null;
  const at = isDated ? state.at : integer(row, 'changed_at');
  return { serial, at, reason: 'removeFromCRL', invalidityDate: null };
}
