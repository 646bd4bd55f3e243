/**
 * Reads the facts that a backup states about its database. They are read in the snapshot that the
 * backup contains, so that they are true of it.
 */
import { assert, present } from '../../kernel/assert.js';
import { toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { DATABASE_ID_MARK } from '../../ports/store/marks.js';
import type { Clock } from '../../ports/world.js';
import { databaseTime } from '../engine/database-clock.js';
import type { Session } from '../engine/session.js';
import { bytes, integer, text } from '../tables/columns.js';
import { metaKeyOf } from '../tables/marks.js';

export type DatabaseFacts = StoredFacts & {
  /** The time of the database when the facts were read. */
  readonly at: Instant;
};

export type StoredFacts = {
  readonly id: string;
  readonly level: number;
  /** Number of rows of each table, sorted by the names of the tables. */
  readonly rows: Readonly<Record<string, number>>;
  readonly audit: { readonly seq: number; readonly chainHash: string };
  readonly crls: readonly { readonly issuer: string; readonly scope: string; readonly number: number }[];
};

/**
 * Reads the facts and the time. All statements of the session must see the same snapshot.
 * `tablesSql`: SQL that returns a row with the `name` of each table.
 */
export async function readFacts(
  session: Session,
  { tablesSql, clock }: { readonly tablesSql: string; readonly clock: Clock | null },
): Promise<DatabaseFacts> {
  return { ...(await readStoredFacts(session, tablesSql)), at: await databaseTime(session, clock) };
}

/** Reads the facts. All statements of the session must see the same snapshot. */
export async function readStoredFacts(session: Session, tablesSql: string): Promise<StoredFacts> {
  const tables = (await session.sql(tablesSql)).map((row) => text(row, 'name')).sort();
  const rows: Record<string, number> = {};
  for (const table of tables) rows[table] = await countRows(session, table);
  const [head] = await session.sql('select seq, chain_hash from audit_head where id = 1');
  const found = present(head, 'the head of the audit log');
  const crls = await session.sql(
    'select issuer, scope, max(number) as number from crls group by issuer, scope order by issuer, scope',
  );
  return {
    id: await meta(session, metaKeyOf(DATABASE_ID_MARK)),
    level: Number(await meta(session, 'schema_level')),
    rows,
    audit: { seq: integer(found, 'seq'), chainHash: toHex(bytes(found, 'chain_hash')) },
    crls: crls.map((row) => ({
      issuer: text(row, 'issuer'),
      scope: text(row, 'scope'),
      number: integer(row, 'number'),
    })),
  };
}

async function countRows(session: Session, table: string): Promise<number> {
  assert(/^[a-z0-9_]+$/.test(table), 'our tables have plain names');
  const [row] = await session.sql(`select count(*) as count from ${table}`);
  return integer(present(row, 'a count'), 'count');
}

async function meta(session: Session, key: string): Promise<string> {
  const [row] = await session.sql('select value from meta where key = ?', [key]);
  return text(present(row, `${key} of the database`), 'value');
}
