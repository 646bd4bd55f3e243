/**
 * Reads the level of the schema, and checks whether this program can use it. Nothing is changed.
 */
import type { Knex } from 'knex';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Engine, NoDatabase } from '../engine/engine.js';
import { rowsOf, text } from '../tables/columns.js';
import { LATER_LEVELS, neededLevelOf, programLevelOf, type SchemaLevel } from './levels.js';

export type SchemaFailure =
  /** The database belongs to another environment. It was not changed. */
  | {
      readonly kind: 'environment-mismatch';
      readonly expected: string;
      readonly found: string;
      readonly detail: string;
    }
  /** The database has tables that this program did not create. */
  | { readonly kind: 'schema-foreign'; readonly detail: string }
  /** The database needs a newer program. */
  | { readonly kind: 'schema-too-new'; readonly detail: string }
  /** A level would make the database unusable for older programs, and some of them still run. */
  | { readonly kind: 'schema-in-use'; readonly detail: string }
  /** The database has to be migrated before this program can use it. */
  | { readonly kind: 'schema-behind'; readonly detail: string };

/** What the table `meta` says of the schema. */
export type SchemaState = {
  readonly level: number;
  /** The lowest level of a program that may use the database. */
  readonly levelMin: number;
  /** The number of steps of the next level that are done. */
  readonly stepsDone: number;
};

export const DATABASE_EMPTY: NoDatabase = { kind: 'no-database', detail: 'the database is empty' };

/**
 * Reads the state of the schema, on a connection or in a transaction. null: there are no tables.
 */
export async function readSchema(
  on: Knex,
  { tablesSql, environmentMark }: Pick<Engine['schema'], 'tablesSql'> & { readonly environmentMark: string },
): Promise<Result<SchemaState | null, SchemaFailure>> {
  const tables = rowsOf(await on.raw(tablesSql)).map((row) => text(row, 'name'));
  if (tables.length === 0) return ok(null);
  if (!tables.includes('meta')) return err(foreign(`it has the tables ${tables.slice(0, 5).join(', ')}`));
  const meta = new Map(
    rowsOf(await on.raw('select key, value from meta')).map((row) => [text(row, 'key'), text(row, 'value')]),
  );
  const found = meta.get('environment') ?? '';
  if (found !== environmentMark) return err(mismatch(environmentMark, found));
  const [level, levelMin, stepsDone] = ['schema_level', 'schema_min', 'schema_steps'].map((key) => meta.get(key));
  if (level === undefined || levelMin === undefined || stepsDone === undefined)
    return err(foreign('it has no schema level'));
  return ok({ level: Number(level), levelMin: Number(levelMin), stepsDone: Number(stepsDone) });
}

/**
 * Checks whether a program may use the database. `levels`: the levels after the first that the
 * program knows.
 */
export function checkSchema(
  state: SchemaState | null,
  levels: readonly SchemaLevel[] = LATER_LEVELS,
): Result<void, SchemaFailure | NoDatabase> {
  if (state === null) return err(DATABASE_EMPTY);
  const tooNew = tooNewFor(state, levels);
  if (tooNew !== null) return err(tooNew);
  const needed = neededLevelOf(levels);
  if (state.level >= needed) return ok(undefined);
  const detail = `the schema of the database has level ${state.level}, and this version needs level ${needed}: pfcng database migrate`;
  return err({ kind: 'schema-behind', detail });
}

/**
 * Returns the failure if a program with these later levels is too old for the database; null: it is
 * not.
 */
export function tooNewFor({ levelMin }: SchemaState, levels: readonly SchemaLevel[]): SchemaFailure | null {
  const level = programLevelOf(levels);
  if (level >= levelMin) return null;
  const fault = `the database is only for programs of schema level ${levelMin} or later`;
  return { kind: 'schema-too-new', detail: `${fault}, and this one has level ${level}: use the newer version` };
}

function mismatch(expected: string, found: string): SchemaFailure {
  const detail = `the database is marked "${found}", this environment "${expected}"`;
  return { kind: 'environment-mismatch', expected, found, detail };
}

function foreign(reason: string): SchemaFailure {
  return { kind: 'schema-foreign', detail: `the database is not one of this program: ${reason}` };
}
