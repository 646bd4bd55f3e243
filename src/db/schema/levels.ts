/**
 * Defines the levels of the schema. `initial.ts` creates level 1 in an empty database. The levels
 * of a released version never change: a change of the schema is a further level at the end of
 * `LATER_LEVELS`.
 */
import type { Knex } from 'knex';

/**
 * A step is one of these:
 * - a transaction with the write lock. PostgreSQL rolls it back if it takes more than two seconds.
 * - an index, which PostgreSQL builds without a lock against writers, however long that takes.
 *   `on` is what follows the name in CREATE INDEX: `certificates (holder_id, id)`.
 */
export type SchemaStep =
  | { readonly kind: 'transaction'; readonly run: (trx: Knex) => Promise<void> }
  | { readonly kind: 'index'; readonly name: string; readonly on: string };

/**
 * A level of the schema. `expand`: programs that know only the previous level can still use the
 * database after this one. `contract`: they cannot, and this level is applied only when no such
 * program runs any more. Each step is applied once, in the order of the list.
 */
export type SchemaLevel = { readonly kind: 'expand' | 'contract'; readonly steps: readonly SchemaStep[] };

/** The levels from 2 on. */
export const LATER_LEVELS: readonly SchemaLevel[] = [];

export const INITIAL_LEVEL = 1;

/** Returns the newest level that a program with these later levels knows. */
export function programLevelOf(levels: readonly SchemaLevel[] = LATER_LEVELS): number {
  return INITIAL_LEVEL + levels.length;
}

/** Returns the levels after level `reached`, in their order. */
export function missingLevels(
  reached: number,
  levels: readonly SchemaLevel[] = LATER_LEVELS,
): readonly { readonly level: number; readonly kind: SchemaLevel['kind'] }[] {
  return levels.map(({ kind }, at) => ({ level: INITIAL_LEVEL + at + 1, kind })).filter(({ level }) => level > reached);
}

/**
 * Returns the lowest level of a database that a program with these later levels can use: that of
 * the last `expand` level, or level 1 if there is none. The program works with or without the
 * `contract` levels that follow.
 */
export function neededLevelOf(levels: readonly SchemaLevel[]): number {
  return INITIAL_LEVEL + levels.findLastIndex(({ kind }) => kind === 'expand') + 1;
}
