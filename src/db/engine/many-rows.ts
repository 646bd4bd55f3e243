/**
 * Makes statements over many rows as SQL text. A query builder takes longer to build the same text
 * again and again than the database takes to execute it.
 */
import type { Knex } from 'knex';
import type { Session } from './session.js';

/**
 * Limit for the rows or values of one statement. With it, even an insert into the widest table
 * stays below the limits of both databases for parameters.
 */
const ROWS_PER_STATEMENT = 200;

/** Splits items into batches, each small enough for one statement. */
export function statementBatches<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= ROWS_PER_STATEMENT) return items.length === 0 ? [] : [items];
  const count = Math.ceil(items.length / ROWS_PER_STATEMENT);
  return Array.from({ length: count }, (_, at) => items.slice(at * ROWS_PER_STATEMENT, (at + 1) * ROWS_PER_STATEMENT));
}

/**
 * Makes the placeholders of several rows: `(?, ?), (?, ?)`. `row` is the text of one row, such as
 * `(?, cast(? as bigint))` for parameters that need a type.
 */
export function rowPlaceholders(count: number, row: string): string {
  return Array.from({ length: count }, () => row).join(', ');
}

/**
 * Repeats the last value until the number of values is a power of two, for an `in` list. The list
 * then has few different lengths, so that few different statements are prepared and each is reused.
 */
export function padToPowerOfTwo<Value>(values: readonly Value[]): readonly Value[] {
  const last = values.at(-1);
  if (last === undefined) return values;
  let length = 1;
  while (length < values.length) length *= 2;
  return [...values, ...Array.from({ length: length - values.length }, () => last)];
}

/** Makes the placeholders of one row or of an `in` list: `(?, ?)`. */
export function placeholders(count: number): string {
  return `(${Array.from({ length: count }, () => '?').join(', ')})`;
}

/**
 * Inserts rows with one statement. There must be at least one row, and all must have the columns of
 * the first.
 */
export async function insert(
  session: Session,
  table: string,
  rows: readonly Readonly<Record<string, Knex.Value>>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const sql = `insert into ${table} (${columns.join(', ')}) values ${rowPlaceholders(rows.length, placeholders(columns.length))}`;
  const bindings = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  await session.sql(sql, bindings);
}
