/**
 * Creates the tables for cards, holders, and the open procedures of holders. Rows name cards,
 * holders and updates without a foreign key, which would be checked for each of a million cards.
 */
import type { Knex } from 'knex';
import { ACTOR_CHARACTERS_MAX } from '../../audit/actors.js';
import { textColumn } from './columns.js';
import { createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

/**
 * Creates the tables. In an environment that is marked `development`, a new certificate takes a
 * card that has ended back to `in-use`, because the documentation uses the same example card again
 * and again. In every other environment the end of a card is final.
 */
export async function createCardTables(db: Knex, environmentMark: string): Promise<void> {
  await createCards(db, environmentMark !== 'development');
  await createHolders(db);
  await createOpenProcedures(db);
}

/**
 * A card in use has no reason. A card that has ended has the reason for its end, and no replacement
 * under way.
 */
const STATE_CHECK = `
  (state = 'in-use' and reason is null)
  or (state in ('opposed', 'returned') and reason is not null and replaced_until is null)`;

const CAPABILITIES = ['generation', 'applet', 'key_types', 'spare_containers', 'reported_at', 'reported_by'];
const CAPABILITIES_CHECK = `
  (${CAPABILITIES.map((column) => `${column} is null`).join(' and ')})
  or (${CAPABILITIES.map((column) => `${column} is not null`).join(' and ')} and spare_containers >= 0)`;

async function createCards(db: Knex, isEndFinal: boolean): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('cards', (table) => {
    text(table, 'token_id', 40).primary();
    text(table, 'product', 8);
    text(table, 'holder_id');
    text(table, 'profession', 16);
    text(table, 'state', 16).notNullable();
    table.bigInteger('state_at').notNullable();
    text(table, 'reason', 32);
    text(table, 'replaced_by', 40);
    // The time at which the old certificates are revoked: the end of the overlap, or later if the
    // new card has no issued certificate yet.
    table.bigInteger('replaced_until');
    text(table, 'generation', 32);
    text(table, 'applet', 32);
    // The types of keys that the card can make, as canonical JSON.
    text(table, 'key_types', 512);
    table.integer('spare_containers');
    table.bigInteger('reported_at');
    text(table, 'reported_by', ACTOR_CHARACTERS_MAX);
    table.bigInteger('version').notNullable();
    table.check(STATE_CHECK, undefined, 'cards_state');
    table.check(CAPABILITIES_CHECK, undefined, 'cards_capabilities');
    table.check('replaced_until is null or replaced_by is not null', undefined, 'cards_replacement');
    table.check('replaced_by is null or replaced_by <> token_id', undefined, 'cards_replaced_by_another');
    table.check('version >= 1', undefined, 'cards_version');
  });
  const indexes = {
    cards_holder: '(holder_id, token_id) where holder_id is not null',
    cards_generation: '(generation, applet) where generation is not null',
    cards_without_holder: '(reported_by, reported_at) where holder_id is null and reported_by is not null',
    cards_ended: `(state, token_id) where state <> 'in-use'`,
    cards_replaced_by: '(replaced_by) where replaced_by is not null',
    cards_replaced_until: '(replaced_until) where replaced_until is not null',
  };
  for (const [name, columns] of Object.entries(indexes)) await db.raw(`create index ${name} on cards ${columns}`);
  await createRowTriggers(db, 'cards', [
    NEVER_DELETED,
    { name: 'birth', on: 'update', when: differs('token_id'), says: 'a card keeps its number' },
    { name: 'grows', on: 'update', when: 'new.version <= old.version', says: 'each change has a higher version' },
    ...(isEndFinal
      ? [{ name: 'ended', on: 'update', when: `old.state <> 'in-use'`, says: 'the end of a card is final' } as const]
      : []),
  ]);
}

async function createHolders(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('holders', (table) => {
    text(table, 'holder_id').primary();
    text(table, 'state', 16).notNullable();
    table.bigInteger('state_at').notNullable();
    text(table, 'actor', ACTOR_CHARACTERS_MAX).notNullable();
    table.bigInteger('version').notNullable();
    table.check(`state in ('free', 'barred') and version >= 1`, undefined, 'holders_state');
  });
  await createRowTriggers(db, 'holders', [
    NEVER_DELETED,
    { name: 'birth', on: 'update', when: differs('holder_id'), says: 'a holder keeps its id' },
    { name: 'grows', on: 'update', when: 'new.version <= old.version', says: 'each change has a higher version' },
  ]);
}

/**
 * Creates the table of open procedures. `profession`: empty if the holder has none. `reference`:
 * the id of the update, or the number of the card that is replaced. The row is deleted when the
 * procedure is over.
 */
async function createOpenProcedures(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('open_procedures', (table) => {
    text(table, 'holder_id').notNullable();
    text(table, 'profession', 16).notNullable();
    text(table, 'kind', 16).notNullable();
    text(table, 'reference', 40).notNullable();
    table.bigInteger('opened_at').notNullable();
    table.primary(['holder_id', 'profession']);
    table.unique(['reference', 'kind'], { indexName: 'open_procedures_reference' });
    table.check(`kind in ('update', 'replacement')`, undefined, 'open_procedures_kind');
  });
  await createRowTriggers(db, 'open_procedures', [NEVER_UPDATED]);
}
