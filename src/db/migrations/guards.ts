/**
 * A second lock: triggers refuse to everybody who uses the database what our own statements never
 * do. Each dialect has its own text for the same list. The owner of the database can drop a
 * trigger; the audit chain and the journals of the signers then show what was changed.
 */
import type { Knex } from 'knex';
import { isPostgresql } from './dialect.js';

type RowGuard = {
  /** Unique in its table. */
  readonly name: string;
  readonly on: 'update' | 'delete';
  /** SQL over `old` and `new`; refused where true. */
  readonly when: string;
  readonly says: string;
};

export const NEVER_DELETED: RowGuard = { name: 'kept', on: 'delete', when: 'true', says: 'rows are never deleted' };
export const NEVER_UPDATED: RowGuard = { name: 'final', on: 'update', when: 'true', says: 'rows are never updated' };

export function differs(column: string): string {
  return `old.${column} <> new.${column} or (old.${column} is null) <> (new.${column} is null)`;
}

/** PostgreSQL's triggers call a function, which has to exist before the first of them. */
export async function prepareGuards(db: Knex): Promise<void> {
  if (isPostgresql(db)) await db.raw(POSTGRESQL_REFUSAL);
}

export async function createGuards(db: Knex, table: string, guards: readonly RowGuard[]): Promise<void> {
  const trigger = isPostgresql(db) ? postgresqlTrigger : sqliteTrigger;
  for (const guard of guards) await db.raw(trigger(table, guard));
  // PostgreSQL's TRUNCATE deletes all rows, and row triggers do not see it. SQLite has no such
  // statement.
  if (isPostgresql(db) && guards.includes(NEVER_DELETED)) await db.raw(truncateTrigger(table));
}

function sqliteTrigger(table: string, { name, on, when, says }: RowGuard): string {
  return `create trigger guard_${name}_${table} before ${on} on ${table} when ${when}
    begin select raise(abort, 'guard: ${table}, ${says}'); end`;
}

const POSTGRESQL_REFUSAL = `create function guard_refuse() returns trigger language plpgsql as $$
  begin raise exception 'guard: %', tg_argv[0] using errcode = 'integrity_constraint_violation'; end $$`;

function postgresqlTrigger(table: string, { name, on, when, says }: RowGuard): string {
  return `create trigger guard_${name}_${table} before ${on} on ${table} for each row when (${when})
    execute function guard_refuse('${table}, ${says}')`;
}

function truncateTrigger(table: string): string {
  return `create trigger guard_truncate_${table} before truncate on ${table} for each statement
    execute function guard_refuse('${table}, ${NEVER_DELETED.says}')`;
}
