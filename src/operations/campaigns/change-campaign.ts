/** Writes a change of a campaign with its audit entry and its event. */
import type { AuditDetails, AuditEvent } from '../../audit/events.js';
import { assert } from '../../kernel/assert.js';
import { utf8 } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Campaign, CampaignChanges } from '../../ports/store/cards/campaigns.js';
import type { EventTopic } from '../../ports/store/outbox/events.js';
import type { Transaction } from '../../ports/store.js';

type CampaignAudit = Extract<AuditEvent['type'], `campaign.${string}`>;
/** The entries whose details are those of a campaign. */
type PlainAudit = Exclude<CampaignAudit, 'campaign.created' | 'campaign.card-to-desk' | 'campaign.notices-recorded'>;

export type CampaignCause = {
  readonly type: PlainAudit;
  readonly actor: string;
  readonly at: Instant;
  /** The event that endpoints get; left out: none. */
  readonly topic?: Extract<EventTopic, `campaign.${string}`>;
  /** What belongs into the entry besides the state, and into the event. */
  readonly details?: Pick<AuditDetails<PlainAudit>, 'date' | 'dateAt' | 'changed' | 'cards' | 'officers' | 'approval'>;
};

/** The caller has read the campaign in this transaction. Returns it as it is now. */
export async function changeCampaign(
  tx: Pick<Transaction, 'changeCampaign' | 'appendAudit' | 'publish'>,
  campaign: Campaign,
  { changes, cause }: { readonly changes: CampaignChanges; readonly cause: CampaignCause },
): Promise<Campaign> {
  const isChanged = await tx.changeCampaign(campaign.id, campaign.version, changes);
  assert(isChanged, 'a campaign that was read in this transaction');
  const after: Campaign = { ...campaign, ...changes, version: campaign.version + 1 };
  await recordCampaign(tx, after, cause);
  return after;
}

async function recordCampaign(
  tx: Pick<Transaction, 'appendAudit' | 'publish'>,
  campaign: Campaign,
  { type, actor, at, topic, details = {} }: CampaignCause,
): Promise<void> {
  await tx.appendAudit([{ at, type, actor, details: { ...campaignDetails(campaign), ...details } }]);
  if (topic === undefined) return;
  const { id, state } = campaign;
  const { date, changed, cards } = details;
  const data = {
    state,
    ...(date === undefined ? {} : { date }),
    ...(changed === undefined ? {} : { changed }),
    ...(cards === undefined ? {} : { cards }),
  };
  await tx.publish([{ topic, subject: id, account: null, at, data }]);
}

/** SHA-256 hex of all that the campaign was created with, as canonical JSON. */
export function documentSha256(document: Campaign['document']): string {
  return sha256Hex(utf8(canonicalJson(document as unknown as Json)));
}

export function campaignDetails(campaign: Campaign) {
  const { id, state, dates } = campaign;
  const { suspension, revocation } = dates;
  return {
    id,
    state,
    suspendsAt: suspension?.at ?? null,
    revokesAt: revocation?.at ?? null,
    suspensionArmedAt: suspension?.armedAt ?? null,
    revocationArmedAt: revocation?.armedAt ?? null,
  } as const;
}
