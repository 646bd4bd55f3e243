/**
 * Creates the tables for the positions that jobs have reached in the signers' journals, and for the
 * numbers of certificates that they have counted in the journals.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';

export async function createJournalTables(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('journal_positions', (table) => {
    text(table, 'journal', 64).notNullable();
    text(table, 'purpose', 16).notNullable();
    text(table, 'token', 128).notNullable();
    text(table, 'node', 16).notNullable();
    table.bigInteger('segment').notNullable();
    table.bigInteger('octet').notNullable();
    table.bigInteger('seq').notNullable();
    text(table, 'line_sha256', 64).notNullable();
    table.primary(['journal', 'purpose']);
  });
  // `day`: the day on which the intents of the certificates were made, in days since 1970, UTC.
  await db.schema.createTable('journal_counts', (table) => {
    text(table, 'journal', 64).notNullable();
    text(table, 'issuer', 64).notNullable();
    table.bigInteger('day').notNullable();
    table.bigInteger('entries').notNullable();
    table.primary(['journal', 'issuer', 'day']);
    table.index(['day']);
  });
}
