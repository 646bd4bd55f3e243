/**
 * Creates the table for the number of intents that were stored in each hour, by account and
 * profile. Only the intents of accounts with limits are counted.
 */
import type { Knex } from 'knex';
import { textColumn } from '../columns.js';
import { createRowTriggers } from '../guards.js';

export async function createAccountUsage(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('account_usage', (table) => {
    text(table, 'account_id', 128).notNullable().references('accounts.id');
    // Hours since 1970, UTC.
    table.bigInteger('hour').notNullable();
    text(table, 'profile', 128).notNullable();
    table.bigInteger('count').notNullable();
    table.primary(['account_id', 'hour', 'profile']);
    // Serves the deletion of the oldest rows.
    table.index(['hour']);
  });
  await createRowTriggers(db, 'account_usage', [
    { name: 'grows', on: 'update', when: 'new.count <= old.count', says: 'counts never fall' },
  ]);
}
