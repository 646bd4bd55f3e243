/**
 * Migrates a database to the schema of this version and checks its environment mark, in one
 * transaction.
 */
import type { Knex } from 'knex';
import { err, ok, type Result } from '../kernel/result.js';
import type { Engine } from './engine/engine.js';
import { MIGRATIONS, type Migration } from './migrations/list.js';
import { rowsOf, text } from './tables/columns.js';

export type SchemaFailure =
  /** The database belongs to another environment. It was not changed. */
  | {
      readonly kind: 'environment-mismatch';
      readonly expected: string;
      readonly found: string;
      readonly detail: string;
    }
  /** The database was migrated by a later version, or it is not a database of this program. */
  | { readonly kind: 'schema-too-new'; readonly unknown: readonly string[]; readonly detail: string }
  /**
   * For readers, which do not migrate: no service of this version has been started on the database.
   */
  | { readonly kind: 'schema-too-old'; readonly detail: string };

/** The table in which knex records the applied migrations. */
const APPLIED = 'schema_migrations';

type Inspection = Result<{ readonly upToDate: boolean }, SchemaFailure>;

export async function prepareSchema(
  { db, lock, tablesSql }: Engine['schema'],
  environmentMark: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Result<void, SchemaFailure>> {
  const inspect = (on: Knex) => inspectTables(on, { tablesSql, environmentMark, migrations });
  const seen = await inspect(db);
  if (!seen.ok) return seen;
  if (seen.value.upToDate) return ok(undefined);
  return db.transaction(async (trx) => {
    await lock(trx);
    const again = await inspect(trx);
    if (!again.ok) return again;
    await trx.migrate.latest({ migrationSource: source(migrations), tableName: APPLIED });
    await trx('meta').insert({ key: 'environment', value: environmentMark }).onConflict('key').ignore();
    return ok(undefined);
  });
}

/** Checks the schema without changing it. */
export async function inspectSchema(
  { db, tablesSql }: Engine['schema'],
  environmentMark: string,
): Promise<Result<void, SchemaFailure>> {
  const seen = await inspectTables(db, { tablesSql, environmentMark, migrations: MIGRATIONS });
  if (!seen.ok) return seen;
  const detail = 'the database is not of this version yet: start a service of this version on it first';
  return seen.value.upToDate ? ok(undefined) : err({ kind: 'schema-too-old', detail });
}

async function inspectTables(
  db: Knex,
  {
    tablesSql,
    environmentMark,
    migrations,
  }: { readonly tablesSql: string; readonly environmentMark: string; readonly migrations: readonly Migration[] },
): Promise<Inspection> {
  const tables = rowsOf(await db.raw(tablesSql));
  const names = tables.map((row) => text(row, 'name'));
  if (names.length === 0) return ok({ upToDate: false });
  if (!names.includes('meta') || !names.includes(APPLIED)) return err(tooNew(names));
  const [mark] = rowsOf(await db.raw(`select value from meta where key = 'environment'`));
  const found = mark === undefined ? '' : text(mark, 'value');
  if (found !== environmentMark) return err(mismatch(environmentMark, found));
  const applied = rowsOf(await db.raw(`select name from ${APPLIED} order by name`)).map((row) => text(row, 'name'));
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) return err(tooNew(unknown));
  return ok({ upToDate: applied.length === known.size });
}

function mismatch(expected: string, found: string): SchemaFailure {
  const detail = `the database is marked "${found}", this environment "${expected}"`;
  return { kind: 'environment-mismatch', expected, found, detail };
}

function tooNew(unknown: readonly string[]): SchemaFailure {
  const detail = `the database has what this version does not know: ${unknown.slice(0, 5).join(', ')}`;
  return { kind: 'schema-too-new', unknown, detail };
}

function source(migrations: readonly Migration[]): Knex.MigrationSource<Migration> {
  return {
    getMigrations: () => Promise.resolve([...migrations]),
    getMigrationName: ({ name }) => name,
    getMigration: ({ up }) => Promise.resolve({ up, down: () => Promise.reject(new Error('schemas only go forward')) }),
  };
}
