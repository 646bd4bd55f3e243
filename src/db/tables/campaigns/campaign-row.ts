/** Converts rows of the tables of campaigns to records, and records to columns. */
import type { Knex } from 'knex';
import { assert } from '../../../kernel/assert.js';
import { canonicalJson, type Json } from '../../../kernel/json.js';
import {
  CAMPAIGN_CARD_STATES,
  CAMPAIGN_STATES,
  type Campaign,
  type CampaignAction,
  type CampaignCard,
  type CampaignChanges,
  type CampaignCount,
  type CampaignDates,
  type CampaignDocument,
  type CampaignSlot,
  DESK_REASONS,
  type DeskReason,
} from '../../../ports/store/cards/campaigns.js';
import { integer, integerOrNull, json, oneOf, type Row, text, textOrNull } from '../columns.js';

export function campaignOf(row: Row): Campaign {
  return {
    id: text(row, 'id'),
    document: json(row, 'document') as unknown as CampaignDocument,
    state: oneOf(row, 'state', CAMPAIGN_STATES),
    stateAt: integer(row, 'state_at'),
    createdBy: text(row, 'created_by'),
    createdAt: integer(row, 'created_at'),
    dates: json(row, 'dates') as unknown as CampaignDates,
    action: textOrNull(row, 'action') === null ? null : (json(row, 'action') as unknown as CampaignAction),
    fixedAt: integerOrNull(row, 'fixed_at'),
    populatedTo: text(row, 'populated_to'),
    lists: json(row, 'lists') as unknown as readonly string[],
    version: integer(row, 'version'),
  };
}

type Columns = Readonly<Record<string, Knex.Value>>;

export function columnsOfCampaign(campaign: Campaign): Columns {
  return {
    id: campaign.id,
    document: canonicalJson(campaign.document as unknown as Json),
    created_by: campaign.createdBy,
    created_at: campaign.createdAt,
    version: campaign.version,
    ...changedColumnsOf(campaign),
  };
}

/** The column of each member of `CampaignChanges`, and whether its value is stored as JSON. */
const CHANGED_COLUMNS: {
  readonly [Name in keyof CampaignChanges]-?: readonly [column: string, form: 'plain' | 'json'];
} = {
  state: ['state', 'plain'],
  stateAt: ['state_at', 'plain'],
  dates: ['dates', 'json'],
  action: ['action', 'json'],
  fixedAt: ['fixed_at', 'plain'],
  populatedTo: ['populated_to', 'plain'],
  lists: ['lists', 'json'],
};

/** Returns the columns of what changes. What is left out stays as it is. */
export function changedColumnsOf(changes: CampaignChanges): Columns {
  const columns = Object.entries(CHANGED_COLUMNS).flatMap(([name, [column, form]]) => {
    const value = changes[name as keyof CampaignChanges];
    if (value === undefined) return [];
    const isText = form === 'json' && value !== null;
    return [[column, isText ? canonicalJson(value as unknown as Json) : (value as Knex.Value)] as const];
  });
  assert(columns.length > 0, 'a change of a campaign');
  return Object.fromEntries(columns);
}

export function campaignCardOf(row: Row): CampaignCard {
  return {
    campaignId: text(row, 'campaign_id'),
    cardTokenId: text(row, 'card_token_id'),
    class: text(row, 'class'),
    state: oneOf(row, 'state', CAMPAIGN_CARD_STATES),
    reason: row.reason === null ? null : oneOf(row, 'reason', DESK_REASONS),
    attempts: integer(row, 'attempts'),
    ticketFrom: integerOrNull(row, 'ticket_from'),
  };
}

export function columnsOfCard(card: CampaignCard) {
  return {
    campaign_id: card.campaignId,
    card_token_id: card.cardTokenId,
    class: card.class,
    state: card.state,
    reason: card.reason,
    attempts: card.attempts,
    ticket_from: card.ticketFrom,
  } as const;
}

export function countOf(row: Row): CampaignCount {
  return {
    campaignId: text(row, 'campaign_id'),
    class: text(row, 'class'),
    state: oneOf(row, 'state', CAMPAIGN_CARD_STATES),
    reason: oneOf<DeskReason | ''>(row, 'reason', ['', ...DESK_REASONS]),
    reader: text(row, 'reader'),
    middleware: text(row, 'middleware'),
    count: integer(row, 'count'),
    ownMs: integer(row, 'own_ms'),
    othersMs: integer(row, 'others_ms'),
  };
}

export function slotOf(row: Row): CampaignSlot {
  return {
    campaignId: text(row, 'campaign_id'),
    class: text(row, 'class'),
    minute: integer(row, 'minute'),
    taken: integer(row, 'taken'),
  };
}
