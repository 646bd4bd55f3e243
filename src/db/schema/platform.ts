/**
 * Creates the tables for single values by name, such as the level of the schema (`meta`), for
 * leases, the schedule of jobs, digests of the keys for tags, and the audit log. Also creates the
 * function that the triggers of all tables need.
 */
import type { Knex } from 'knex';
import { ACTOR_CHARACTERS_MAX } from '../../audit/actors.js';
import { textColumn } from './columns.js';
import { createRowTriggers, createTriggerFunction, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

export async function createPlatformTables(db: Knex): Promise<void> {
  const text = textColumn(db);
  await createTriggerFunction(db);
  await db.schema.createTable('meta', (table) => {
    text(table, 'key', 128).primary();
    text(table, 'value').notNullable();
  });
  await db.schema.createTable('leases', (table) => {
    text(table, 'name', 128).primary();
    text(table, 'holder', 128).notNullable();
    table.bigInteger('fencing_token').notNullable();
    table.bigInteger('held_until').notNullable();
  });
  // `item`: the id of what an attempt of the job is about, such as an order; empty if the job has
  // only one item. The lease of an item has the name `name/item`, or `name` if the item is empty.
  await db.schema.createTable('jobs', (table) => {
    text(table, 'name', 27).notNullable();
    text(table, 'item', 100).notNullable();
    table.bigInteger('next_at').notNullable();
    table.integer('failures').notNullable();
    table.bigInteger('last_started_at').notNullable();
    table.bigInteger('last_success_at');
    text(table, 'last_error', 500);
    text(table, 'cursor');
    table.primary(['name', 'item']);
  });
  await createAudit(db);
  await createTagKeys(db);
}

/**
 * Creates the table with a digest of the key for tags of each year. The keys themselves are never
 * in the database.
 */
async function createTagKeys(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('tag_keys', (table) => {
    text(table, 'year', 4).primary();
    text(table, 'check_sha256', 64).notNullable();
  });
  await createRowTriggers(db, 'tag_keys', [NEVER_DELETED, NEVER_UPDATED]);
}

/**
 * Creates the tables of the audit log. One row has the head of the chain. Transactions are serial,
 * and each that appends entries moves the head, so the numbers of the entries have no gaps.
 */
async function createAudit(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('audit_entries', (table) => {
    table.bigInteger('seq').primary();
    table.bigInteger('at').notNullable();
    text(table, 'type', 64).notNullable();
    text(table, 'actor', ACTOR_CHARACTERS_MAX).notNullable();
    text(table, 'outcome', 16).notNullable();
    text(table, 'request_id', 36);
    text(table, 'subject_id', 128);
    table.binary('holder_tag');
    table.binary('card_tag');
    table.binary('bytes').notNullable();
    table.binary('leaf_hash').notNullable();
    table.binary('chain_hash').notNullable();
    // Searches return the newest entries first. Times and numbers ascend, so new rows are appended
    // to the first index, and to the part of their actor or type in the other two.
    table.index(['at', 'seq'], 'audit_entries_time');
    table.index(['actor', 'at', 'seq'], 'audit_entries_actor');
    table.index(['type', 'at', 'seq'], 'audit_entries_type');
  });
  await db.raw(`create index audit_entries_failure on audit_entries (at, seq) where outcome = 'failure'`);
  await db.raw('create index audit_entries_request on audit_entries (request_id) where request_id is not null');
  await db.raw('create index audit_entries_holder on audit_entries (holder_tag) where holder_tag is not null');
  await db.raw('create index audit_entries_card on audit_entries (card_tag) where card_tag is not null');
  await db.raw('create index audit_entries_subject on audit_entries (subject_id) where subject_id is not null');
  await db.schema.createTable('audit_head', (table) => {
    table.integer('id').primary();
    table.bigInteger('seq').notNullable();
    table.binary('chain_hash').notNullable();
    table.check('id = 1', undefined, 'audit_head_one');
  });
  await db('audit_head').insert({ id: 1, seq: 0, chain_hash: Buffer.alloc(32) });
  await createRowTriggers(db, 'audit_entries', [NEVER_DELETED, NEVER_UPDATED]);
  await createRowTriggers(db, 'audit_head', [
    NEVER_DELETED,
    { name: 'grows', on: 'update', when: 'new.seq <= old.seq', says: 'the audit log only grows' },
  ]);
}
