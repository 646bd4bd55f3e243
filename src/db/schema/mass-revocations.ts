/**
 * Creates the tables for mass revocations and their items. Items name mass revocations and
 * certificates without foreign keys, which would be checked for each of a hundred thousand items.
 * The ids are right without them: one statement copies those of the certificates, and no
 * certificate and no mass revocation is ever deleted.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';
import { createRowTriggers, NEVER_DELETED } from './guards.js';

export async function createMassRevocationTables(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('mass_revocations', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'account_id', 128).notNullable();
    text(table, 'request_id', 36);
    table.bigInteger('submitted_at').notNullable();
    table.text('selection').notNullable();
    text(table, 'reason', 32).notNullable();
    table.bigInteger('invalidity_date');
    text(table, 'state', 16).notNullable();
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
    text(table, 'revocation_id', 36).notNullable();
    table.bigInteger('position').notNullable();
    text(table, 'certificate_id', 36).notNullable();
    text(table, 'outcome', 16);
    table.primary(['revocation_id', 'position']);
  });
  await createRowTriggers(db, 'mass_revocations', [
    NEVER_DELETED,
    { name: 'finished', on: 'update', when: `old.state <> 'running'`, says: 'a finished order does not change' },
  ]);
  await createRowTriggers(db, 'mass_revocation_items', [
    NEVER_DELETED,
    {
      name: 'outcome',
      on: 'update',
      when: `old.outcome is not null or old.revocation_id <> new.revocation_id or old.position <> new.position
        or old.certificate_id <> new.certificate_id`,
      says: 'an outcome is written once',
    },
  ]);
}
