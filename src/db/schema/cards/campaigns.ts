/**
 * Creates the tables for campaigns: their cards, the lists that were uploaded for their classes,
 * the places that were taken, the counts, and the notices to holders. Rows name campaigns and cards
 * without a foreign key, which would be checked for each of a million cards.
 */
import type { Knex } from 'knex';
import { CAMPAIGN_CARD_STATES, CAMPAIGN_STATES, DESK_REASONS } from '../../../ports/store/cards/campaigns.js';
import { textColumn } from '../columns.js';
import { anyDiffers, createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from '../guards.js';

export async function createCampaignTables(db: Knex): Promise<void> {
  await createCampaigns(db);
  await createCampaignCards(db);
  await createCampaignCounts(db);
  await createCampaignSlots(db);
  await createCampaignNotices(db);
}

const listOf = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

async function createCampaigns(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('campaigns', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'state', 16).notNullable();
    table.bigInteger('state_at').notNullable();
    text(table, 'created_by', 160).notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('fixed_at');
    text(table, 'populated_to', 40).notNullable();
    table.bigInteger('version').notNullable();
    // The last four columns are canonical JSON.
    text(table, 'dates').notNullable();
    text(table, 'action');
    text(table, 'lists').notNullable();
    text(table, 'document').notNullable();
    table.check(`state in (${listOf(CAMPAIGN_STATES)}) and version >= 1`, undefined, 'campaigns_state');
    table.check(`fixed_at is not null or state in ('draft', 'ended')`, undefined, 'campaigns_fixed');
  });
  const indexes = {
    campaigns_live: `(id) where state <> 'ended'`,
    campaigns_acting: '(id) where action is not null',
  };
  for (const [name, columns] of Object.entries(indexes)) await db.raw(`create index ${name} on campaigns ${columns}`);
  await createRowTriggers(db, 'campaigns', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: anyDiffers(['id', 'document', 'created_by', 'created_at']),
      says: 'what a campaign began with stays',
    },
    { name: 'ended', on: 'update', when: `old.state = 'ended' and new.state <> 'ended'`, says: 'the end is final' },
    {
      name: 'fixed',
      on: 'update',
      when: `old.fixed_at is not null and (${differs('fixed_at')})`,
      says: 'the moment of the population is fixed once',
    },
    { name: 'grows', on: 'update', when: 'new.version <= old.version', says: 'each change has a higher version' },
  ]);
}

async function createCampaignCards(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('campaign_cards', (table) => {
    text(table, 'campaign_id', 36).notNullable();
    text(table, 'card_token_id', 40).notNullable();
    text(table, 'class', 32).notNullable();
    text(table, 'state', 16).notNullable();
    text(table, 'reason', 32);
    table.integer('attempts').notNullable();
    table.bigInteger('ticket_from');
    table.primary(['campaign_id', 'card_token_id']);
    table.index(['card_token_id', 'campaign_id'], 'campaign_cards_card');
    table.index(['campaign_id', 'state', 'class', 'card_token_id'], 'campaign_cards_state');
    table.check(
      `state in (${listOf(CAMPAIGN_CARD_STATES)}) and attempts >= 0
        and (state = 'to-desk') = (reason is not null) and (reason is null or reason in (${listOf(DESK_REASONS)}))
        and (state <> 'ticket' or ticket_from is not null)`,
      undefined,
      'campaign_cards_state',
    );
  });
  await createRowTriggers(db, 'campaign_cards', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: anyDiffers(['campaign_id', 'card_token_id', 'class']),
      says: 'a card keeps its campaign and class',
    },
    { name: 'gone', on: 'update', when: `old.state = 'gone'`, says: 'a card that is gone stays gone' },
    {
      name: 'confirmed',
      on: 'update',
      when: `old.state = 'confirmed' and new.state not in ('confirmed', 'gone')`,
      says: 'a confirmed card stays confirmed',
    },
    { name: 'attempts', on: 'update', when: 'new.attempts < old.attempts', says: 'attempts are not taken back' },
  ]);
  // A row for each card in a list that was uploaded for a class.
  await db.schema.createTable('campaign_lists', (table) => {
    text(table, 'campaign_id', 36).notNullable();
    text(table, 'card_token_id', 40).notNullable();
    text(table, 'class', 32).notNullable();
    table.primary(['campaign_id', 'card_token_id', 'class']);
  });
  await createRowTriggers(db, 'campaign_lists', [NEVER_DELETED, NEVER_UPDATED]);
}

/**
 * Creates the table of counts. A row with an empty reader and an empty middleware has the number of
 * cards in the state. Any other row has the number of times that a card came into the state with
 * this reader and middleware; it never falls.
 */
async function createCampaignCounts(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('campaign_counts', (table) => {
    text(table, 'campaign_id', 36).notNullable();
    text(table, 'class', 32).notNullable();
    text(table, 'state', 16).notNullable();
    text(table, 'reason', 32).notNullable();
    text(table, 'reader', 64).notNullable();
    text(table, 'middleware', 64).notNullable();
    table.bigInteger('count').notNullable();
    table.bigInteger('own_ms').notNullable();
    table.bigInteger('others_ms').notNullable();
    table.primary(['campaign_id', 'class', 'state', 'reason', 'reader', 'middleware']);
    table.check('count >= 0 and own_ms >= 0 and others_ms >= 0', undefined, 'campaign_counts_count');
  });
  await createRowTriggers(db, 'campaign_counts', [NEVER_DELETED]);
}

async function createCampaignSlots(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('campaign_slots', (table) => {
    text(table, 'campaign_id', 36).notNullable();
    text(table, 'class', 32).notNullable();
    table.bigInteger('minute').notNullable();
    table.integer('taken').notNullable();
    table.primary(['campaign_id', 'class', 'minute']);
    table.check('taken >= 1', undefined, 'campaign_slots_taken');
  });
  await createRowTriggers(db, 'campaign_slots', [
    NEVER_DELETED,
    { name: 'taken', on: 'update', when: 'new.taken < old.taken', says: 'a place that is taken stays taken' },
  ]);
}

async function createCampaignNotices(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('campaign_notices', (table) => {
    text(table, 'campaign_id', 36).notNullable();
    text(table, 'card_token_id', 40).notNullable();
    text(table, 'stage', 32).notNullable();
    table.bigInteger('at').notNullable();
    table.primary(['campaign_id', 'card_token_id', 'stage']);
  });
  await createRowTriggers(db, 'campaign_notices', [NEVER_DELETED, NEVER_UPDATED]);
}
