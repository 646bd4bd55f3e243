/**
 * Creates the tables for accounts, the certificates with which they authenticate, and the
 * idempotency claims of their requests.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';

export async function createRequestTables(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('accounts', (table) => {
    text(table, 'id', 128).primary();
    text(table, 'name').notNullable();
    text(table, 'roles').notNullable();
    text(table, 'scope').notNullable();
    table.boolean('disabled').notNullable();
    // JSON: perDay, perHour and inFlight, each null or a number.
    text(table, 'limits').notNullable();
    text(table, 'networks').notNullable();
    table.bigInteger('expires_at');
    // The id, name and department of the structure, as JSON; null: the account has no structure.
    text(table, 'structure');
    table.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('account_credentials', (table) => {
    text(table, 'issuer', 64).notNullable();
    text(table, 'spki_sha256', 64).notNullable();
    text(table, 'account_id', 128).notNullable().references('accounts.id');
    table.primary(['issuer', 'spki_sha256']);
    table.index(['account_id']);
  });
  await db.schema.createTable('idempotency', (table) => {
    text(table, 'account', 128).notNullable();
    text(table, 'route', 256).notNullable();
    text(table, 'key', 256).notNullable();
    text(table, 'body_sha256', 64).notNullable();
    table.bigInteger('claimed_at').notNullable();
    // The result of the request; null: it is still in progress.
    text(table, 'result');
    table.primary(['account', 'route', 'key']);
    // Serves the deletion of the oldest claims. New rows are appended to this index, because times
    // ascend.
    table.index(['claimed_at'], 'idempotency_claimed');
  });
}
