/** Creates the tables for the nodes, and for the runs of their processes. */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';
import { createRowTriggers } from './guards.js';

export async function createNodeTables(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('nodes', (table) => {
    text(table, 'id', 16).primary();
    text(table, 'name', 64).notNullable();
    table.bigInteger('first_seen_at').notNullable();
  });
  await db.schema.createTable('runs', (table) => {
    text(table, 'run', 32).primary();
    text(table, 'node', 16).notNullable().references('nodes.id');
    text(table, 'host', 255).notNullable();
    text(table, 'home', 64).notNullable();
    text(table, 'roles', 64).notNullable();
    text(table, 'version', 64).notNullable();
    table.integer('schema_level').notNullable();
    text(table, 'policy_digest', 64).notNullable();
    text(table, 'config_digest', 64).notNullable();
    text(table, 'publication_url', 255);
    table.bigInteger('clock_offset_ms').notNullable();
    table.bigInteger('started_at').notNullable();
    table.bigInteger('seen_at').notNullable();
    table.bigInteger('ended_at');
    text(table, 'end_reason', 16);
    table.check('(ended_at is null) = (end_reason is null)', undefined, 'runs_end');
    table.index(['started_at'], 'runs_started');
    table.index(['seen_at'], 'runs_seen');
  });
  await db.raw('create index runs_live on runs (node) where ended_at is null');
  await createRowTriggers(db, 'runs', [
    { name: 'ended', on: 'update', when: 'old.ended_at is not null', says: 'an ended run does not change' },
  ]);
}
