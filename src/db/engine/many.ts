/**
 * Statements over many rows at once, written out: what a query builder spends on putting the same text together again and
 * again is more than the database spends on doing it.
 */
import type { Knex } from 'knex';
import type { Session } from './session.js';

/** Under every dialect's limit of parameters, with the widest table. */
const ROWS_PER_STATEMENT = 200;

export function chunks<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= ROWS_PER_STATEMENT) return items.length === 0 ? [] : [items];
  const count = Math.ceil(items.length / ROWS_PER_STATEMENT);
  return Array.from({ length: count }, (_, at) => items.slice(at * ROWS_PER_STATEMENT, (at + 1) * ROWS_PER_STATEMENT));
}

/** `(?, ?), (?, ?)`; `row`: the text of one row, where a parameter needs a type. */
export function rowsOfMarks(count: number, row: string): string {
  return Array.from({ length: count }, () => row).join(', ');
}

/** `(?, ?)` of so many columns. */
export function marks(count: number): string {
  return `(${Array.from({ length: count }, () => '?').join(', ')})`;
}

/** `rows` have the columns of the first, all of them. */
export async function insert(
  session: Session,
  table: string,
  rows: readonly Readonly<Record<string, Knex.Value>>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const sql = `insert into ${table} (${columns.join(', ')}) values ${rowsOfMarks(rows.length, marks(columns.length))}`;
  const bindings = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  await session.sql(sql, bindings);
}
