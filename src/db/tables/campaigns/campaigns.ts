/** Reads and writes campaigns, their cards, counts, places and notices. */
import type { Knex } from 'knex';
import { assert, present } from '../../../kernel/assert.js';
import {
  CAMPAIGN_STATES,
  type CampaignCard,
  type CampaignCount,
  type CampaignReads,
  type CampaignSlot,
  type CampaignWrites,
  type CardOfCampaign,
} from '../../../ports/store/cards/campaigns.js';
import { insert, padToPowerOfTwo, placeholders, rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { AFTER_ALL_IDS, integer, text } from '../columns.js';
import {
  campaignCardOf,
  campaignOf,
  changedColumnsOf,
  columnsOfCampaign,
  columnsOfCard,
  countOf,
  slotOf,
} from './campaign-row.js';
import { populationReads } from './population.js';

const lastActorsSql = (count: number): string => `select e.certificate_id, e.actor from status_events e
  join (select max(id) as id from status_events where certificate_id in ${placeholders(count)}
    group by certificate_id) newest on newest.id = e.id`;

export function campaignReads(session: Session): CampaignReads {
  return {
    ...populationReads(session),
    campaign: async (id) => {
      const [row] = await session.sql('select * from campaigns where id = ?', [id]);
      return row === undefined ? null : campaignOf(row);
    },
    liveCampaigns: async (limit) => {
      const sql = `select * from campaigns where state <> 'ended' order by id desc limit ?`;
      return (await session.sql(sql, [limit])).map(campaignOf);
    },
    campaignsPage: async ({ state, limit, before }) => {
      const states = state === undefined ? CAMPAIGN_STATES : [state];
      const sql = `select * from campaigns where id < ? and state in ${placeholders(states.length)}
        order by id desc limit ?`;
      return (await session.sql(sql, [before ?? AFTER_ALL_IDS, ...states, limit])).map(campaignOf);
    },
    actingCampaigns: async () =>
      (await session.sql('select * from campaigns where action is not null order by id')).map(campaignOf),
    openCampaignCards: (tokenIds) => cardsOfCampaigns(session, `state in ('open', 'paused')`, tokenIds),
    liveCampaignCards: (tokenIds) => cardsOfCampaigns(session, `state <> 'draft'`, tokenIds),
    campaignCards: async (campaignId, tokenIds) => {
      const found: CampaignCard[] = [];
      for (const batch of statementBatches(tokenIds).map(padToPowerOfTwo)) {
        const sql = `select * from campaign_cards where campaign_id = ? and card_token_id in ${placeholders(batch.length)}`;
        found.push(...(await session.sql(sql, [campaignId, ...batch])).map(campaignCardOf));
      }
      return found;
    },
    campaignCardsPage: async ({ campaignId, after, limit, state, reason }) => {
      const filters = [
        ...(state === undefined ? [] : [['state = ?', state] as const]),
        ...(reason === undefined ? [] : [['reason = ?', reason] as const]),
      ];
      const where = filters.map(([sql]) => `and ${sql}`).join(' ');
      const sql = `select * from campaign_cards where campaign_id = ? and card_token_id > ? ${where}
        order by card_token_id limit ?`;
      const rows = await session.sql(sql, [campaignId, after, ...filters.map(([, value]) => value), limit]);
      return rows.map(campaignCardOf);
    },
    campaignCounts: async (campaignId) =>
      (await session.sql('select * from campaign_counts where campaign_id = ?', [campaignId])).map(countOf),
    lastSlot: async (campaignId, className) => {
      const sql = `select * from campaign_slots where campaign_id = ? and class = ? order by minute desc limit 1`;
      const [row] = await session.sql(sql, [campaignId, className]);
      return row === undefined ? null : slotOf(row);
    },
    takenPlaces: async ({ campaignId, class: className, from, until }) => {
      const sql = `select cast(coalesce(sum(taken), 0) as bigint) as taken from campaign_slots
        where campaign_id = ? and class = ? and minute >= ? and minute < ?`;
      const [row] = await session.sql(sql, [campaignId, className, from, until]);
      return integer(present(row, 'the row of an aggregate'), 'taken');
    },
    lastActors: async (certificateIds) => {
      const actors = new Map<string, string>();
      for (const batch of statementBatches(certificateIds)) {
        for (const row of await session.sql(lastActorsSql(batch.length), [...batch]))
          actors.set(text(row, 'certificate_id'), text(row, 'actor'));
      }
      return actors;
    },
  };
}

export function campaignWrites(session: Session): CampaignWrites {
  return {
    insertCampaign: (campaign) => insert(session, 'campaigns', [columnsOfCampaign(campaign)]),
    changeCampaign: async (id, expectedVersion, changes) => {
      const columns = { ...changedColumnsOf(changes), version: expectedVersion + 1 };
      const query = session.db('campaigns').where({ id, version: expectedVersion }).update(columns);
      return (await session.changes(query)) === 1;
    },
    insertCampaignCards: async (cards) => {
      for (const batch of statementBatches(cards)) await insert(session, 'campaign_cards', batch.map(columnsOfCard));
    },
    storeCampaignCards: async (cards) => {
      for (const batch of statementBatches(cards)) await storeCards(session, batch);
    },
    addCampaignCounts: async (counts) => {
      const named = counts.filter(({ reader, middleware }) => reader !== '' || middleware !== '');
      const plain = counts.filter((count) => !named.includes(count));
      for (const batch of statementBatches(plain.filter(({ count }) => count >= 0))) await addCounts(session, batch);
      for (const count of plain.filter(({ count }) => count < 0)) await subtractCount(session, count);
      await addNamedCounts(session, named);
    },
    storeSlots: async (slots) => {
      for (const batch of statementBatches(slots)) await storeSlots(session, batch);
    },
    insertListedCards: async (campaignId, className, tokenIds) => {
      let count = 0;
      for (const batch of statementBatches(tokenIds)) {
        const rows = await session.sql(
          `insert into campaign_lists (campaign_id, class, card_token_id) values ${rowPlaceholders(batch.length, '(?, ?, ?)')}
            on conflict do nothing returning card_token_id`,
          batch.flatMap((tokenId) => [campaignId, className, tokenId]),
        );
        count += rows.length;
      }
      return count;
    },
    insertNotices: async (notices) => {
      const inserted = new Set<string>();
      for (const batch of statementBatches(notices)) {
        const rows = await session.sql(
          `insert into campaign_notices (campaign_id, card_token_id, stage, at)
            values ${rowPlaceholders(batch.length, '(?, ?, ?, ?)')}
            on conflict do nothing returning card_token_id, stage`,
          batch.flatMap(({ campaignId, cardTokenId, stage, at }) => [campaignId, cardTokenId, stage, at]),
        );
        for (const row of rows) inserted.add(`${text(row, 'stage')} ${text(row, 'card_token_id')}`);
      }
      return inserted;
    },
  };
}

/**
 * Finds cards in the campaigns that have not ended. `states`: an SQL condition that the state of
 * the campaign also meets. Usually there is no such campaign, and then only an empty index is read.
 */
async function cardsOfCampaigns(
  session: Session,
  states: string,
  tokenIds: readonly string[],
): Promise<readonly CardOfCampaign[]> {
  const live = await session.sql(`select * from campaigns where state <> 'ended' and ${states} order by id`);
  if (live.length === 0) return [];
  const campaigns = new Map(live.map((row) => [text(row, 'id'), campaignOf(row)]));
  const found: CardOfCampaign[] = [];
  for (const batch of statementBatches(tokenIds).map(padToPowerOfTwo)) {
    const sql = `select * from campaign_cards where card_token_id in ${placeholders(batch.length)}
      order by card_token_id, campaign_id`;
    for (const row of await session.sql(sql, [...batch])) {
      const card = campaignCardOf(row);
      const campaign = campaigns.get(card.campaignId);
      if (campaign !== undefined) found.push({ card, campaign });
    }
  }
  return found;
}

async function storeCards(session: Session, cards: readonly CampaignCard[]): Promise<void> {
  // The database cannot infer the types of these parameters.
  const row = `(cast(? as varchar), cast(? as varchar), cast(? as varchar), cast(? as varchar), cast(? as integer),
    cast(? as bigint))`;
  const stored = await session.sql(
    `with changed (campaign_id, card_token_id, state, reason, attempts, ticket_from)
        as (values ${rowPlaceholders(cards.length, row)})
      update campaign_cards set state = changed.state, reason = changed.reason, attempts = changed.attempts,
        ticket_from = changed.ticket_from from changed
      where campaign_cards.campaign_id = changed.campaign_id
        and campaign_cards.card_token_id = changed.card_token_id returning campaign_cards.card_token_id`,
    cards.flatMap(({ campaignId, cardTokenId, state, reason, attempts, ticketFrom }) => [
      campaignId,
      cardTokenId,
      state,
      reason,
      attempts,
      ticketFrom,
    ]),
  );
  assert(stored.length === cards.length, 'cards of a campaign that are there');
}

const COUNT_KEY = ['campaign_id', 'class', 'state', 'reason', 'reader', 'middleware'] as const;

function countKeyOf({ campaignId, class: className, state, reason, reader, middleware }: CampaignCount): Knex.Value[] {
  return [campaignId, className, state, reason, reader, middleware];
}

async function addCounts(session: Session, counts: readonly CampaignCount[]): Promise<void> {
  const columns = [...COUNT_KEY, 'count', 'own_ms', 'others_ms'];
  const sum = (column: string): string => `${column} = campaign_counts.${column} + excluded.${column}`;
  await session.sql(
    `insert into campaign_counts (${columns.join(', ')})
      values ${rowPlaceholders(counts.length, placeholders(columns.length))}
      on conflict (${COUNT_KEY.join(', ')}) do update set ${['count', 'own_ms', 'others_ms'].map(sum).join(', ')}`,
    counts.flatMap((count) => [...countKeyOf(count), count.count, count.ownMs, count.othersMs]),
  );
}

/**
 * Limit for the rows of one campaign with a reader or a middleware. All of them are read for its
 * counts, and clients choose the names, some of them with the serial number of a device. When the
 * limit is reached, new names are counted together as `other`.
 */
export const NAMED_COUNTS_MAX = 1_000;
const OTHER_NAMES = { reader: 'other', middleware: 'other' } as const;

async function addNamedCounts(session: Session, named: readonly CampaignCount[]): Promise<void> {
  if (named.length === 0) return;
  const rows = new Map<string, number>();
  for (const campaignId of new Set(named.map((count) => count.campaignId))) {
    const [row] = await session.sql(
      `select count(*) as named from (select 1 from campaign_counts
        where campaign_id = ? and (reader <> '' or middleware <> '') limit ?) counted`,
      [campaignId, NAMED_COUNTS_MAX],
    );
    rows.set(campaignId, integer(present(row, 'the row of an aggregate'), 'named'));
  }
  for (const count of named) {
    const known = rows.get(count.campaignId) ?? 0;
    const [row] = await session.sql(
      `select count from campaign_counts where ${COUNT_KEY.map((column) => `${column} = ?`).join(' and ')}`,
      countKeyOf(count),
    );
    const isNew = row === undefined;
    await addCounts(session, [isNew && known >= NAMED_COUNTS_MAX ? { ...count, ...OTHER_NAMES } : count]);
    if (isNew) rows.set(count.campaignId, known + 1);
  }
}

/**
 * Subtracts from a count. It is an update, because an upsert would first check its new row, whose
 * count is negative, and fail.
 */
async function subtractCount(session: Session, count: CampaignCount): Promise<void> {
  const sql = `update campaign_counts set count = count + ?
    where ${COUNT_KEY.map((column) => `${column} = ?`).join(' and ')} returning count`;
  const changed = await session.sql(sql, [count.count, ...countKeyOf(count)]);
  assert(changed.length === 1, 'a count of a campaign that is there');
}

async function storeSlots(session: Session, slots: readonly CampaignSlot[]): Promise<void> {
  await session.sql(
    `insert into campaign_slots (campaign_id, class, minute, taken)
      values ${rowPlaceholders(slots.length, '(?, ?, ?, ?)')}
      on conflict (campaign_id, class, minute) do update set taken = excluded.taken`,
    slots.flatMap(({ campaignId, class: className, minute, taken }) => [campaignId, className, minute, taken]),
  );
}
