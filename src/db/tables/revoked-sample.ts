/**
 * Reads certificates to look for in a new CRL. They are read in the same snapshot as its entries,
 * but by other statements, so that a CRL that lacks some of its entries is found before it replaces
 * the previous one.
 */
import type { CrlSample, ListSeen, RevokedEntry, SnapshotRequest } from '../../ports/store/crls.js';
import type { Session } from '../engine/session.js';
import { stateOf } from './certificate-row.js';
import { integer, integerOrNull, type Row, text } from './columns.js';

/**
 * The number of certificates that are read from each start serial number on, once whatever their
 * status, and once if they are revoked or suspended. Serial numbers are random, so neighbours have
 * nothing else in common.
 */
const ROWS_PER_START = 10;

const COLUMNS = 'serial, status, state_at, reason, invalidity_date, not_after, crl_partition';

type SampleRequest = {
  readonly request: SnapshotRequest;
  readonly seen: ListSeen;
  readonly serialsFrom: readonly string[];
};

export async function readSample(session: Session, { request, seen, serialsFrom }: SampleRequest): Promise<CrlSample> {
  // The second condition finds revoked and suspended certificates by their own index, even if they
  // are rare.
  const selects = ['', `and status in ('revoked', 'suspended')`].map(
    (which) =>
      `select * from (select ${COLUMNS} from certificates where issuer = ? ${which} and serial >= ? order by serial limit ?) as part`,
  );
  const sql = serialsFrom.flatMap(() => selects).join(' union all ');
  const bindings = serialsFrom.flatMap((from) => selects.flatMap(() => [request.issuer, from, ROWS_PER_START]));
  const rows = serialsFrom.length === 0 ? [] : await session.rows(session.db.raw(sql, bindings));
  const [changed] = await session.rows(
    session.db.raw(
      `select e.id as change, ${COLUMNS.replaceAll(/(\w+)/g, 'c.$1')} from status_events e
        join certificates c on c.id = e.certificate_id where e.issuer = ? and e.affects_status order by e.id desc limit 1`,
      [request.issuer],
    ),
  );
  const listed = new Map<string, RevokedEntry>();
  const unlisted = new Set<string>();
  for (const row of changed === undefined ? rows : [...rows, changed]) {
    const entry = listedEntry(row, request, seen);
    if (entry === null) unlisted.add(text(row, 'serial'));
    else listed.set(entry.serial, entry);
  }
  return {
    listed: [...listed.values()],
    unlisted: [...unlisted],
    newest: changed === undefined ? null : { serial: text(changed, 'serial'), change: integer(changed, 'change') },
  };
}

function listedEntry(row: Row, { partition }: SnapshotRequest, { listedSince }: ListSeen): RevokedEntry | null {
  const state = stateOf(row);
  if (state.status !== 'revoked' && state.status !== 'suspended') return null;
  if (partition !== null && integerOrNull(row, 'crl_partition') !== partition) return null;
  if (integer(row, 'not_after') < listedSince && state.at < listedSince) return null;
  const reason = state.status === 'revoked' ? state.reason : 'certificateHold';
  return { serial: text(row, 'serial'), at: state.at, reason, invalidityDate: state.invalidityDate };
}
