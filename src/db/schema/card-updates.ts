/**
 * Creates the tables for remote updates of cards and for the statements that cards have signed.
 * Rows name certificates and cards without a foreign key, which would be checked for each of a
 * million cards.
 */
import type { Knex } from 'knex';
import { FINAL_UPDATE_STATES, LIVE_UPDATE_STATES, UPDATE_STATES } from '../../ports/store/cards/card-updates.js';
import { textColumn } from './columns.js';
import { anyDiffers, createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

export async function createCardUpdateTables(db: Knex): Promise<void> {
  await createUpdates(db);
  await createUpdateCounts(db);
  await createProofs(db);
}

const listOf = (values: readonly string[]): string => `(${values.map((value) => `'${value}'`).join(', ')})`;

/**
 * SQL condition for the updates that have not ended. Queries repeat it word for word, so that the
 * planner can use the partial indexes with this condition.
 */
export const IS_LIVE_UPDATE = `state in ${listOf(LIVE_UPDATE_STATES)}`;
const FINAL_STATES = listOf(FINAL_UPDATE_STATES);

/**
 * `due_at` is set in the states that a job ends after some time. `offered_at` is set when the
 * certificates are offered to the card. `ended_by` is set when the update was confirmed or has
 * ended.
 */
const STATE_CHECK = `
  (${IS_LIVE_UPDATE} or state in ${FINAL_STATES})
  and (due_at is not null) = (state in ('offered', 'writing', 'undetermined', 'confirmed'))
  and (state not in ('issuing', 'failed') or offered_at is null)
  and (state in ('issuing', 'failed', 'ended') or offered_at is not null)
  and (state in ('issuing', 'offered', 'writing', 'undetermined')) = (ended_by is null)`;

/** Columns that are written when the row is inserted and never change. */
const IMMUTABLE_COLUMNS = [
  'id',
  'card_token_id',
  'account_id',
  'campaign_id',
  'begun_at',
  'old_ids',
  'new_ids',
  'keys_sha256',
  'confirm_within_ms',
  'overlap_ms',
  'supersede',
  'channel',
  'reader',
  'middleware',
];

async function createUpdates(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('card_updates', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'card_token_id', 40).notNullable();
    text(table, 'account_id', 128).notNullable();
    text(table, 'campaign_id', 36);
    text(table, 'state', 16).notNullable();
    table.bigInteger('state_at').notNullable();
    table.bigInteger('due_at');
    table.bigInteger('begun_at').notNullable();
    table.bigInteger('offered_at');
    table.bigInteger('confirm_within_ms').notNullable();
    table.bigInteger('overlap_ms').notNullable();
    text(table, 'supersede', 16).notNullable();
    text(table, 'channel', 32).notNullable();
    text(table, 'reader', 128).notNullable();
    text(table, 'middleware', 256).notNullable();
    text(table, 'ended_by', 160);
    text(table, 'detail', 64);
    table.bigInteger('version').notNullable();
    text(table, 'keys_sha256', 64).notNullable();
    // `old_ids` and `new_ids` are lists of certificate ids, as canonical JSON.
    text(table, 'old_ids').notNullable();
    text(table, 'new_ids').notNullable();
    table.check(STATE_CHECK, undefined, 'card_updates_state');
    table.check(`supersede in ('revoke', 'let-end')`, undefined, 'card_updates_supersede');
    table.check(`channel in ('secure-messaging', 'none')`, undefined, 'card_updates_channel');
    table.check('confirm_within_ms > 0 and overlap_ms >= 0 and version >= 1', undefined, 'card_updates_numbers');
  });
  const indexes = [
    `unique index card_updates_live on card_updates (card_token_id) where ${IS_LIVE_UPDATE}`,
    // Two updates never have the same set of keys, whatever their states.
    'unique index card_updates_keys on card_updates (keys_sha256)',
    `index card_updates_due on card_updates (due_at) where due_at is not null`,
    'index card_updates_card on card_updates (card_token_id, id)',
    'index card_updates_states on card_updates (state, id)',
    `index card_updates_undetermined on card_updates (state_at) where state = 'undetermined'`,
  ];
  for (const index of indexes) await db.raw(`create ${index}`);
  await createRowTriggers(db, 'card_updates', [
    NEVER_DELETED,
    { name: 'birth', on: 'update', when: anyDiffers(IMMUTABLE_COLUMNS), says: 'what an update began with stays' },
    {
      name: 'ended',
      on: 'update',
      when: `old.state in ${FINAL_STATES}`,
      says: 'an update that has ended does not change',
    },
    {
      name: 'confirmed',
      on: 'update',
      when: `old.state = 'confirmed' and new.state not in ('confirmed', 'completed', 'ended')`,
      says: 'a confirmation is not taken back',
    },
    {
      name: 'offered',
      on: 'update',
      when: `(old.state <> 'issuing' and new.state = 'issuing') or (old.offered_at is not null and (${differs('offered_at')}))`,
      says: 'certificates are offered once',
    },
    { name: 'grows', on: 'update', when: 'new.version <= old.version', says: 'each change has a higher version' },
  ]);
}

/**
 * Creates the table with the number of updates in each state. The row of each state is inserted
 * here; transactions only update it.
 */
async function createUpdateCounts(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('update_counts', (table) => {
    text(table, 'state', 16).primary();
    table.bigInteger('updates').notNullable();
    table.check('updates >= 0', undefined, 'update_counts_updates');
  });
  await db('update_counts').insert(UPDATE_STATES.map((state) => ({ state, updates: 0 })));
  await createRowTriggers(db, 'update_counts', [
    NEVER_DELETED,
    { name: 'birth', on: 'update', when: differs('state'), says: 'a count is that of its state' },
  ]);
}

async function createProofs(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('card_proofs', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'update_id', 36);
    text(table, 'certificate_id', 36).notNullable();
    text(table, 'card_token_id', 40).notNullable();
    text(table, 'verb', 16).notNullable();
    text(table, 'sha256', 64).notNullable();
    table.bigInteger('accepted_at').notNullable();
    text(table, 'statement').notNullable();
    table.binary('signature');
    table.binary('cms');
    table.check('(signature is null) <> (cms is null)', undefined, 'card_proofs_signed');
    table.check(`verb in ('begin', 'confirm', 'abandon', 'revoke')`, undefined, 'card_proofs_verb');
    table.check(`(verb = 'revoke') = (update_id is null)`, undefined, 'card_proofs_update');
  });
  await db.raw('create index card_proofs_update on card_proofs (update_id) where update_id is not null');
  await db.raw('create index card_proofs_card on card_proofs (card_token_id, id)');
  await createRowTriggers(db, 'card_proofs', [NEVER_DELETED, NEVER_UPDATED]);
}
