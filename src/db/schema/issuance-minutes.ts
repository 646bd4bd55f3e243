/**
 * Creates the table for the number of intents of each profile that were stored in each minute.
 * Orders use it to leave a part of the hourly caps of the signers to other requests.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';

export async function createIssuanceMinutes(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('issuance_minutes', (table) => {
    text(table, 'profile', 128).notNullable();
    // Minutes since 1970, UTC.
    table.bigInteger('minute').notNullable();
    table.bigInteger('count').notNullable();
    table.primary(['profile', 'minute']);
    // Serves the deletion of the oldest rows.
    table.index(['minute']);
  });
}
