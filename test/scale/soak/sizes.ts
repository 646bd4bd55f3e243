/** The octets that an installation keeps on its disk, by what they are for. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { homePaths } from '../../../src/config/paths.js';
import type { DatabaseKind } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import type { Service } from '../../support/service/service.js';

export const PARTS = ['database', 'journals', 'log'] as const;
export type Sizes = Readonly<Record<(typeof PARTS)[number], number>>;

/**
 * SQLite: the pages of the file that are used. PostgreSQL: the files of all tables, with their
 * indexes and TOAST tables, without the write-ahead log, which the server reuses.
 */
const DATABASE_SIZE_SQL: Readonly<Record<DatabaseKind, string>> = {
  sqlite: `select (page_count - freelist_count) * page_size as size
    from pragma_page_count, pragma_freelist_count, pragma_page_size`,
  postgresql: `select sum(pg_total_relation_size(oid))::bigint as size
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
};

export async function sizesOf({ at }: Pick<Service, 'at'>): Promise<Sizes> {
  const paths = homePaths(at.home);
  const database = await rawDatabase(at.database);
  try {
    const [row] = await database.all(DATABASE_SIZE_SQL[at.database.kind]);
    return { database: Number(row?.size), journals: octetsIn(paths.signers), log: statSync(paths.log).size };
  } finally {
    await database.close();
  }
}

/**
 * Whether PostgreSQL may vacuum tables by itself, at a moment of its choice: what is stored next
 * takes the pages that it frees, and the files hardly grow.
 */
export async function setAutovacuum({ at }: Pick<Service, 'at'>, isOn: boolean): Promise<void> {
  if (at.database.kind === 'sqlite') return;
  const database = await rawDatabase(at.database);
  try {
    const tables = await database.all(`select tablename as name from pg_tables where schemaname = 'public'`);
    for (const { name } of tables) await database.all(`alter table "${name}" set (autovacuum_enabled = ${isOn})`);
  } finally {
    await database.close();
  }
}

function octetsIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name.startsWith('journal.'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

export function growth(before: Sizes, after: Sizes): Sizes {
  return {
    database: after.database - before.database,
    journals: after.journals - before.journals,
    log: after.log - before.log,
  };
}
