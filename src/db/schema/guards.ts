/**
 * Creates triggers that refuse changes which our own statements never make, whichever user of the
 * database makes them. Each dialect has its own SQL for the same list. The owner of the database
 * can drop a trigger; but the audit chain shows changes of the audit log, and the journals of the
 * signers show which certificates and CRLs were signed.
 */
import type { Knex } from 'knex';
import { isPostgresql } from './dialect.js';

export type RowTrigger = {
  /** The name of the trigger, unique in its table. */
  readonly name: string;
  readonly on: 'update' | 'delete';
  /** SQL condition over `old` and `new`; the change is refused if it is true. */
  readonly when: string;
  /** The error message of the refusal, after the name of the table. */
  readonly says: string;
};

export const NEVER_DELETED: RowTrigger = { name: 'kept', on: 'delete', when: 'true', says: 'rows are never deleted' };
export const NEVER_UPDATED: RowTrigger = { name: 'final', on: 'update', when: 'true', says: 'rows are never updated' };

/** Returns the SQL condition that an update changes the column, also from or to null. */
export function differs(column: string): string {
  return `old.${column} <> new.${column} or (old.${column} is null) <> (new.${column} is null)`;
}

export function anyDiffers(columns: readonly string[]): string {
  return columns.map(differs).join(' or ');
}

/**
 * Creates the function that PostgreSQL's triggers call, which has to exist before the first
 * trigger.
 */
export async function createTriggerFunction(db: Knex): Promise<void> {
  if (isPostgresql(db)) await db.raw(POSTGRESQL_REFUSAL);
}

/** Creates triggers on a table. */
export async function createRowTriggers(db: Knex, table: string, guards: readonly RowTrigger[]): Promise<void> {
  const trigger = isPostgresql(db) ? postgresqlTrigger : sqliteTrigger;
  for (const guard of guards) await db.raw(trigger(table, guard));
  // PostgreSQL's TRUNCATE deletes all rows, and row triggers do not see it. SQLite has no such
  // statement.
  if (isPostgresql(db) && guards.includes(NEVER_DELETED)) await db.raw(truncateTrigger(table));
}

function sqliteTrigger(table: string, { name, on, when, says }: RowTrigger): string {
  return `create trigger guard_${name}_${table} before ${on} on ${table} when ${when}
    begin select raise(abort, 'guard: ${table}, ${says}'); end`;
}

const POSTGRESQL_REFUSAL = `create function guard_refuse() returns trigger language plpgsql as $$
  begin raise exception 'guard: %', tg_argv[0] using errcode = 'integrity_constraint_violation'; end $$`;

function postgresqlTrigger(table: string, { name, on, when, says }: RowTrigger): string {
  return `create trigger guard_${name}_${table} before ${on} on ${table} for each row when (${when})
    execute function guard_refuse('${table}, ${says}')`;
}

function truncateTrigger(table: string): string {
  return `create trigger guard_truncate_${table} before truncate on ${table} for each statement
    execute function guard_refuse('${table}, ${NEVER_DELETED.says}')`;
}
