/**
 * Creates the table for the keys that officers have blocked. Unblocking a key deletes its row; the
 * audit log records each blocking and unblocking with its reason.
 */
import type { Knex } from 'knex';
import { ACTOR_CHARACTERS_MAX } from '../../audit/actors.js';
import { textColumn } from './columns.js';
import { createRowTriggers, NEVER_UPDATED } from './guards.js';

export async function createBlockedKeys(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('blocked_keys', (table) => {
    text(table, 'spki_sha256', 64).primary();
    table.bigInteger('at').notNullable();
    text(table, 'actor', ACTOR_CHARACTERS_MAX).notNullable();
    text(table, 'reason').notNullable();
    table.check('length(spki_sha256) = 64', undefined, 'blocked_keys_key');
  });
  await createRowTriggers(db, 'blocked_keys', [NEVER_UPDATED]);
}
