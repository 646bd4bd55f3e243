/**
 * Table for the number of certificates of each profile that were reserved in each minute, from
 * which orders leave room below the hourly caps of the signers.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';

export async function createIssuanceMinutes(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('issuance_minutes', (table) => {
    text(table, 'profile', 128).notNullable();
    // In minutes since 1970.
    table.bigInteger('minute').notNullable();
    table.bigInteger('count').notNullable();
    table.primary(['profile', 'minute']);
    // The oldest rows are deleted.
    table.index(['minute']);
  });
}
