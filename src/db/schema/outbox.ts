/**
 * Creates the tables for events, their deliveries to the endpoints of the configuration, and the
 * position of each endpoint among the events.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';
import { createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

export async function createOutboxTables(db: Knex): Promise<void> {
  await createOutbox(db);
  await createDeliveries(db);
  await createCursors(db);
}

/**
 * Creates the table of events. Transactions are serial, so the ids ascend in the order of the
 * commits.
 */
async function createOutbox(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('outbox', (table) => {
    table.bigIncrements('id');
    text(table, 'event_id', 36).notNullable();
    text(table, 'topic', 32).notNullable();
    text(table, 'subject', 128).notNullable();
    text(table, 'account_id', 128);
    table.bigInteger('created_at').notNullable();
    text(table, 'body').notNullable();
  });
  await createRowTriggers(db, 'outbox', [NEVER_UPDATED]);
}

const STATE_CHECK = `
  (state = 'waiting' and next_at is not null and done_at is null)
  or (state = 'dead' and next_at is null and done_at is null)
  or (state in ('delivered', 'dropped') and next_at is null and done_at is not null)`;

async function createDeliveries(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('webhook_deliveries', (table) => {
    text(table, 'endpoint', 32).notNullable();
    // Because of the reference, an event with a delivery cannot be deleted.
    table.bigInteger('outbox_id').notNullable().references('outbox.id');
    text(table, 'subject', 128).notNullable();
    text(table, 'state', 16).notNullable();
    table.integer('attempts').notNullable();
    table.bigInteger('first_at');
    table.bigInteger('next_at');
    table.integer('last_status');
    text(table, 'last_error', 200);
    table.bigInteger('done_at');
    table.primary(['endpoint', 'outbox_id']);
    table.index(['outbox_id'], 'webhook_deliveries_event');
    table.check(STATE_CHECK, undefined, 'webhook_deliveries_state');
  });
  const indexes = {
    webhook_deliveries_due: `(endpoint, next_at, outbox_id) where state = 'waiting'`,
    webhook_deliveries_unfinished: `(endpoint, subject, outbox_id) where state in ('waiting', 'dead')`,
    webhook_deliveries_dead: `(endpoint, outbox_id) where state = 'dead'`,
    webhook_deliveries_done: `(done_at) where done_at is not null`,
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.raw(`create index ${name} on webhook_deliveries ${columns}`);
  await createRowTriggers(db, 'webhook_deliveries', [
    { name: 'unfinished', on: 'delete', when: 'old.done_at is null', says: 'an unfinished delivery is not deleted' },
    {
      name: 'event',
      on: 'update',
      when: ['endpoint', 'outbox_id', 'subject'].map(differs).join(' or '),
      says: 'a delivery keeps its event and its endpoint',
    },
    {
      name: 'dropped',
      on: 'update',
      when: `new.state = 'dropped' and old.state <> 'dead'`,
      says: 'only a dead delivery is dropped',
    },
    {
      name: 'done',
      on: 'update',
      when: `old.done_at is not null and new.state <> 'waiting'`,
      says: 'a finished delivery is only sent again',
    },
  ]);
}

async function createCursors(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('webhook_cursors', (table) => {
    text(table, 'endpoint', 32).primary();
    table.bigInteger('last_id').notNullable();
  });
  await createRowTriggers(db, 'webhook_cursors', [
    NEVER_DELETED,
    { name: 'ascends', on: 'update', when: 'new.last_id < old.last_id', says: 'an endpoint does not go back' },
  ]);
}
