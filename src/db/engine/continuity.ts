/**
 * Compares a database with what a process knows of it. It notices another database at the same
 * address, an older one that was restored, or an emptied one in the first transaction or read,
 * before the process answers from it.
 */
import { toHex } from '../../kernel/bytes.js';
import type { Continuity, DatabasePoint } from '../../ports/store/continuity.js';
import { DATABASE_ID_MARK } from '../../ports/store/marks.js';
import { bytes, flag, integer, type Row, text } from '../tables/columns.js';
import { metaKeyOf } from '../tables/marks.js';
import { isTableMissing, RETRY_LATER_MS, StoreUnavailable } from './failures.js';

/** Executes one statement and returns its first row. */
type ReadRow = (sql: string) => Promise<Row | undefined>;

/** SQL condition: the server that answers is a replica, which may be behind. */
const REPLICA_SQL = { sqlite: '0', postgresql: 'pg_is_in_recovery()' } as const;

/**
 * Returns SQL for the id, the last entry of the audit log, and the entry with the number `seq`. It
 * is one statement, so that all values are from one snapshot. `seq` may be written into the text,
 * because it is a number of this program and not input.
 */
function pointSql(seq: number, kind: keyof typeof REPLICA_SQL): string {
  return (
    `select (select value from meta where key = '${metaKeyOf(DATABASE_ID_MARK)}') as id, head.seq, head.chain_hash, ` +
    `(select chain_hash from audit_entries where seq = ${seq}) as known_hash, ${REPLICA_SQL[kind]} as replica ` +
    'from (select 1 as one) as single left join audit_head as head on head.id = single.one'
  );
}

/** Returns the last point of the database. null: it has no id, or no audit log. */
function pointIn(row: Row | undefined): DatabasePoint | null {
  if (row === undefined || row.id === null || row.seq === null) return null;
  return { id: text(row, 'id'), seq: integer(row, 'seq'), chainHash: toHex(bytes(row, 'chain_hash')) };
}

function faultOf(known: DatabasePoint, row: Row | undefined): string | null {
  const found = pointIn(row);
  if (row === undefined || found === null) return 'the database was emptied';
  if (found.id !== known.id) return `another database (${found.id}) is in the place of ours (${known.id})`;
  // A replica may not have the entry yet.
  if (flag(row, 'replica')) return null;
  const hash = known.seq === 0 ? known.chainHash : row.known_hash === null ? null : toHex(bytes(row, 'known_hash'));
  if (hash === known.chainHash) return null;
  return `an older database is in the place of ours: it lacks entry ${known.seq} of the audit log and ends with ${found.seq}`;
}

/**
 * Checks that the database contains the point that this process knows, and then passes its last
 * point to `continuity`. Throws `StoreUnavailable` if the database lacks the known point. If a
 * replica answers, only the id of the database is compared. `known`: what was known before the
 * snapshot in which `readRow` reads was taken, because the snapshot lacks later commits; null:
 * nothing is compared.
 */
export async function confirmDatabase(
  continuity: Continuity,
  {
    kind,
    known,
    readRow,
  }: { readonly kind: keyof typeof REPLICA_SQL; readonly known: DatabasePoint | null; readonly readRow: ReadRow },
): Promise<void> {
  const compare = async (known: DatabasePoint) => {
    const row = await readRowIfPresent(readRow, pointSql(known.seq, kind));
    return { row, fault: faultOf(known, row) };
  };
  if (known === null) return;
  const first = await compare(known);
  const accepted = first.fault === null || first.row === undefined ? null : continuity.refresh();
  const { row, fault } = accepted === null ? first : await compare(accepted);
  continuity.report(fault);
  if (fault !== null) throw new StoreUnavailable(`${fault}: pfcng doctor says what to do`, RETRY_LATER_MS);
  const point = pointIn(row);
  if (point !== null && row !== undefined && !flag(row, 'replica')) continuity.advance(point);
}

/** Returns undefined if the tables are missing, as in an emptied database. */
async function readRowIfPresent(readRow: ReadRow, sql: string): Promise<Row | undefined> {
  try {
    return await readRow(sql);
  } catch (error) {
    if (isTableMissing(error)) return undefined;
    throw error;
  }
}
