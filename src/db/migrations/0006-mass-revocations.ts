/**
 * Orders to revoke all that a selection finds, and their items. Items name orders and certificates without a foreign
 * key, which would be looked up for each of a hundred thousand: one statement copies them, and nothing of either is ever deleted.
 */
import type { Knex } from 'knex';
import { createGuard, refuseTruncate } from './0002-guards.js';
import { isPostgresql } from './dialect.js';

export async function createMassRevocations(db: Knex): Promise<void> {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  const words = (table: Knex.CreateTableBuilder, column: string, charactersMax: number) =>
    table.specificType(column, `varchar(${charactersMax})${collation}`);
  await db.schema.createTable('mass_revocations', (table) => {
    words(table, 'id', 36).primary();
    words(table, 'account_id', 128).notNullable();
    table.bigInteger('submitted_at').notNullable();
    table.text('selection').notNullable();
    words(table, 'reason', 32).notNullable();
    table.bigInteger('invalidity_date');
    words(table, 'state', 16).notNullable();
    table.bigInteger('finished_at');
    table.bigInteger('matched').notNullable();
    table.bigInteger('revoked').notNullable();
    table.bigInteger('already_revoked').notNullable();
    table.check(
      'revoked >= 0 and already_revoked >= 0 and revoked + already_revoked <= matched',
      undefined,
      'mass_revocations_counts',
    );
    table.check(
      `(state = 'running' and finished_at is null) or (state in ('completed', 'cancelled') and finished_at is not null)`,
      undefined,
      'mass_revocations_state',
    );
  });
  await db.raw(`create index mass_revocations_running on mass_revocations (id) where state = 'running'`);
  await db.schema.createTable('mass_revocation_items', (table) => {
    words(table, 'revocation_id', 36).notNullable();
    table.bigInteger('position').notNullable();
    words(table, 'certificate_id', 36).notNullable();
    words(table, 'outcome', 16);
    table.primary(['revocation_id', 'position']);
  });
  await createGuard(db, 'kept', {
    table: 'mass_revocations',
    on: 'delete',
    when: 'true',
    says: 'mass revocations are kept for ever',
  });
  await createGuard(db, 'final', {
    table: 'mass_revocations',
    on: 'update',
    when: `old.state <> 'running'`,
    says: 'a finished mass revocation stays as it is',
  });
  await createGuard(db, 'kept', {
    table: 'mass_revocation_items',
    on: 'delete',
    when: 'true',
    says: 'items of a mass revocation are kept for ever',
  });
  await createGuard(db, 'final', {
    table: 'mass_revocation_items',
    on: 'update',
    when: `old.outcome is not null or old.revocation_id <> new.revocation_id or old.position <> new.position
      or old.certificate_id <> new.certificate_id`,
    says: 'an outcome is written once',
  });
  for (const table of ['mass_revocations', 'mass_revocation_items']) await refuseTruncate(db, table);
}
