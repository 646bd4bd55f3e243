/**
 * Migrates a database to the schema of this version and checks its environment mark, in one
 * transaction.
 */
import type { Knex } from 'knex';
import { err, ok, type Result } from '../kernel/result.js';
import { DATABASE_ID_MARK } from '../ports/store/marks.js';
import type { Engine, NoDatabase } from './engine/engine.js';
import { MIGRATIONS, type Migration } from './migrations/list.js';
import { rowsOf, text } from './tables/columns.js';
import { keyOf } from './tables/marks.js';

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

type Inspection = Result<{ readonly state: 'empty' | 'earlier' | 'current' }, SchemaFailure>;

export type SchemaWanted = {
  readonly environmentMark: string;
  /** The random id for the database if it is empty. Without it, an empty database is refused. */
  readonly newId?: string | undefined;
};

export async function prepareSchema(
  { db, lock, tablesSql }: Engine['schema'],
  { environmentMark, newId }: SchemaWanted,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Result<void, SchemaFailure | NoDatabase>> {
  const inspect = async (on: Knex): Promise<Inspection | Result<never, NoDatabase>> => {
    const seen = await inspectTables(on, { tablesSql, environmentMark, migrations });
    return seen.ok && seen.value.state === 'empty' && newId === undefined ? err(EMPTY) : seen;
  };
  const seen = await inspect(db);
  if (!seen.ok) return seen;
  if (seen.value.state === 'current') return ok(undefined);
  return db.transaction(async (trx) => {
    await lock(trx);
    const again = await inspect(trx);
    if (!again.ok) return again;
    await trx.migrate.latest({ migrationSource: source(migrations), tableName: APPLIED });
    const rows = [{ key: 'environment', value: environmentMark }];
    if (again.value.state === 'empty' && newId !== undefined) rows.push({ key: keyOf(DATABASE_ID_MARK), value: newId });
    await trx('meta').insert(rows).onConflict('key').ignore();
    return ok(undefined);
  });
}

const EMPTY: NoDatabase = { kind: 'no-database', detail: 'the database is empty' };

/** Checks the schema without changing it. */
export async function inspectSchema(
  { db, tablesSql }: Engine['schema'],
  environmentMark: string,
): Promise<Result<void, SchemaFailure | NoDatabase>> {
  const seen = await inspectTables(db, { tablesSql, environmentMark, migrations: MIGRATIONS });
  if (!seen.ok) return seen;
  if (seen.value.state === 'empty') return err(EMPTY);
  const detail = 'the database is not of this version yet: start a service of this version on it first';
  return seen.value.state === 'current' ? ok(undefined) : err({ kind: 'schema-too-old', detail });
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
  if (names.length === 0) return ok({ state: 'empty' });
  if (!names.includes('meta') || !names.includes(APPLIED)) return err(tooNew(names));
  const [mark] = rowsOf(await db.raw(`select value from meta where key = 'environment'`));
  const found = mark === undefined ? '' : text(mark, 'value');
  if (found !== environmentMark) return err(mismatch(environmentMark, found));
  const applied = rowsOf(await db.raw(`select name from ${APPLIED} order by name`)).map((row) => text(row, 'name'));
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) return err(tooNew(unknown));
  return ok({ state: applied.length === known.size ? 'current' : 'earlier' });
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
