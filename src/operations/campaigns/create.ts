/**
 * Creates a campaign. One whose cards come from uploaded lists waits for them as a draft; any other
 * one is prepared at once.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { recordIdFrom } from '../../issuance/intent.js';
import type { Instant } from '../../kernel/clock.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Campaign, CampaignDocument } from '../../ports/store/cards/campaigns.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Transaction } from '../../ports/store.js';
import { fault, type Violation, violation } from '../../texts/text.js';
import { claimOnce } from '../claim-once.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { campaignDetails, documentSha256 } from './change-campaign.js';

type Outcome = Promise<Result<Campaign, OperationFailure>>;

/** More campaigns than these at once are a mistake of a client. */
export const LIVE_CAMPAIGNS_MAX = 100;

type Creation = { readonly document: CampaignDocument; readonly idempotency?: ClaimRequest | null };

/**
 * A request that is repeated without its Idempotency-Key returns the first campaign too, as long as
 * that one has not ended.
 */
export async function createCampaign(
  world: World,
  account: Account,
  { document, idempotency = null }: Creation,
): Outcome {
  const permitted = decideAccess(account, 'run-campaigns', null);
  if (!permitted.ok) return permitted;
  const violations = violationsOf(world, document);
  if (violations.length > 0) return err({ kind: 'policy-violated', violations });
  const outcome = await world.store.transaction(async (tx): Outcome => {
    const { now } = await tx.databaseClock();
    const store = async () => storeCampaign(tx, { id: recordIdFrom(now, world.random(10)), account, document, now });
    return claimOnce(tx, { idempotency, now, store, find: tx.campaign });
  });
  return outcome.ok ? outcome.value : outcome;
}

async function storeCampaign(tx: Transaction, facts: NewCampaign): Outcome {
  const { account, document, now } = facts;
  const live = await tx.liveCampaigns(LIVE_CAMPAIGNS_MAX);
  const earlier = live.find((one) => one.document.name === document.name);
  if (earlier !== undefined) return isSame(earlier.document, document) ? ok(earlier) : err(nameTaken(document));
  if (live.length >= LIVE_CAMPAIGNS_MAX)
    return err({ kind: 'state-conflict', ...fault('campaigns-bounded', { max: LIVE_CAMPAIGNS_MAX }) });
  const campaign = newCampaign(facts);
  await tx.insertCampaign(campaign);
  const details = { ...campaignDetails(campaign), documentSha256: documentSha256(document) };
  await tx.appendAudit([{ at: now, type: 'campaign.created', actor: accountActor(account.id), details }]);
  return ok(campaign);
}

/** The classes whose cards are uploaded. */
export function listClassesOf({ classes }: CampaignDocument): readonly string[] {
  return classes.filter(({ select }) => select.kind === 'list').map(({ name }) => name);
}

type NewCampaign = {
  readonly id: string;
  readonly account: Account;
  readonly document: CampaignDocument;
  readonly now: Instant;
};

function newCampaign({ id, account, document, now }: NewCampaign): Campaign {
  const isDraft = listClassesOf(document).length > 0;
  return {
    id,
    document,
    state: isDraft ? 'draft' : 'preparing',
    stateAt: now,
    createdBy: account.id,
    createdAt: now,
    dates: { suspension: null, revocation: null },
    action: null,
    fixedAt: isDraft ? null : now,
    populatedTo: '',
    lists: [],
    version: 1,
  };
}

function isSame(one: CampaignDocument, other: CampaignDocument): boolean {
  return canonicalJson(one as unknown as Json) === canonicalJson(other as unknown as Json);
}

function nameTaken({ name }: CampaignDocument): OperationFailure {
  return { kind: 'state-conflict', ...fault('campaign-name-free', { name }) };
}

function violationsOf(
  { policy, issuers }: Pick<World, 'policy' | 'issuers'>,
  { selection, classes }: CampaignDocument,
): readonly Violation[] {
  const names = classes.map(({ name }) => name);
  const repeated = names.findIndex((name, at) => names.indexOf(name) !== at);
  const violations: Violation[] = [];
  if (repeated !== -1) violations.push(violation(`/classes/${repeated}/name`, 'class-name-differs'));
  if (selection.kind === 'list') {
    const plain = classes.findIndex(({ select }) => select.kind !== 'list');
    if (plain !== -1) violations.push(violation(`/classes/${plain}/select`, 'class-is-list'));
    return violations;
  }
  const { keyMadeFrom, keyMadeUntil } = selection;
  if (keyMadeFrom !== null && keyMadeUntil !== null && keyMadeUntil < keyMadeFrom)
    violations.push(violation('/selection/keyMadeUntil', 'window-not-empty'));
  for (const [at, profile] of (selection.profiles ?? []).entries()) {
    if (!policy.profiles.has(profile))
      violations.push(violation(`/selection/profiles/${at}`, 'profile-known', { profile }));
  }
  const known = new Set<string>(issuers.all().map(({ id }) => id));
  const issuer = (selection.issuers ?? []).findIndex((id) => !known.has(id));
  if (issuer !== -1) violations.push(violation(`/selection/issuers/${issuer}`, 'issuer-known'));
  return violations;
}
