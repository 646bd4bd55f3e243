/** Finds the cards of a population, page by page in the order of their numbers. */
import type { Knex } from 'knex';
import { present } from '../../../kernel/assert.js';
import type { Instant } from '../../../kernel/clock.js';
import type { Campaign, CampaignReads, CardCriteria } from '../../../ports/store/cards/campaigns.js';
import { placeholders } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { cardOf } from '../cards/card-row.js';
import { text, textOrNull } from '../columns.js';

type Condition = { readonly sql: string; readonly bindings: readonly Knex.Value[] };

export function populationReads(session: Session): Pick<CampaignReads, 'populationPageEnd' | 'selectCards'> {
  return {
    populationPageEnd: async (after, limit) => {
      const sql = `select max(token_id) as last from
        (select token_id from cards where token_id > ? order by token_id limit ?) page`;
      const [row] = await session.sql(sql, [after, limit]);
      return textOrNull(present(row, 'the row of an aggregate'), 'last');
    },
    selectCards: async ({ campaign, after, upTo }) => {
      const { sql, bindings } = conditionOf(campaign);
      const rows = await session.sql(
        `select * from cards where token_id > ? and token_id <= ? and ${sql} order by token_id`,
        [after, upTo, ...bindings],
      );
      const listed = await listedIn(session, { campaign, after, upTo });
      const profiles = await selectedProfiles(session, { campaign, after, upTo });
      return rows.map((row) => {
        const card = cardOf(row);
        return { card, listedIn: listed.get(card.tokenId) ?? [], profiles: profiles.get(card.tokenId) ?? [] };
      });
    },
  };
}

type Page = Parameters<CampaignReads['selectCards']>[0];

async function listedIn(
  session: Session,
  { campaign, after, upTo }: Page,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const listed = new Map<string, string[]>();
  if (campaign.lists.length === 0) return listed;
  const sql = `select card_token_id, class from campaign_lists
    where campaign_id = ? and card_token_id > ? and card_token_id <= ?`;
  for (const row of await session.sql(sql, [campaign.id, after, upTo])) {
    const card = text(row, 'card_token_id');
    listed.set(card, [...(listed.get(card) ?? []), text(row, 'class')]);
  }
  return listed;
}

async function selectedProfiles(
  session: Session,
  { campaign, after, upTo }: Page,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { sql, bindings } = certificateCondition(campaign);
  const rows = await session.sql(
    `select distinct card_token_id, profile from certificates where card_token_id in
      (select token_id from cards where token_id > ? and token_id <= ? and generation is not null) and ${sql}
      order by card_token_id, profile`,
    [after, upTo, ...bindings],
  );
  const profiles = new Map<string, string[]>();
  for (const row of rows) {
    const card = text(row, 'card_token_id');
    profiles.set(card, [...(profiles.get(card) ?? []), text(row, 'profile')]);
  }
  return profiles;
}

function conditionOf(campaign: Campaign): Condition {
  const { id, document } = campaign;
  const { selection } = document;
  if (selection.kind === 'list') {
    const sql = `exists (select 1 from campaign_lists where campaign_id = ? and card_token_id = cards.token_id)`;
    return { sql, bindings: [id] };
  }
  const certificate = certificateCondition(campaign);
  return all([
    ...among('product', selection.products),
    ...among('generation', selection.generations),
    ...appletKnown(selection),
    {
      sql: `exists (select 1 from certificates where card_token_id = cards.token_id and ${certificate.sql})`,
      bindings: certificate.bindings,
    },
  ]);
}

/** The condition for a certificate that the campaign is about. */
function certificateCondition({ document: { selection }, fixedAt }: Campaign): Condition {
  const inForce = notEndedAt(present(fixedAt, 'the moment of a population'));
  if (selection.kind === 'list') return all(inForce);
  return all([
    ...inForce,
    ...among('issuer', selection.issuers),
    ...among('profile', selection.profiles),
    ...among('key_type', selection.keyTypes),
    ...bound('created_at >= ?', selection.keyMadeFrom),
    ...bound('created_at <= ?', selection.keyMadeUntil),
  ]);
}

/**
 * Returns the conditions for a certificate that was issued, not expired and not revoked at that
 * moment.
 */
function notEndedAt(at: Instant): readonly Condition[] {
  return [
    { sql: 'signature is not null', bindings: [] },
    { sql: 'created_at <= ?', bindings: [at] },
    { sql: 'not_after >= ?', bindings: [at] },
    { sql: `(status in ('issued', 'suspended') or (status = 'revoked' and state_at > ?))`, bindings: [at] },
  ];
}

/**
 * Returns the condition that the version of the applet is known, if the campaign selects by it. The
 * caller compares versions, because columns are sorted byte by byte, which puts 1.10 before 1.9.
 */
function appletKnown({ appletBelow }: CardCriteria): readonly Condition[] {
  return appletBelow === null ? [] : [{ sql: 'applet is not null', bindings: [] }];
}

function among(column: string, values: readonly string[] | null): readonly Condition[] {
  return values === null ? [] : [{ sql: `${column} in ${placeholders(values.length)}`, bindings: values }];
}

function bound(sql: string, value: Instant | null): readonly Condition[] {
  return value === null ? [] : [{ sql, bindings: [value] }];
}

function all(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => sql).join(' and '),
    bindings: conditions.flatMap(({ bindings }) => bindings),
  };
}
