/**
 * Suspends, revokes or releases the certificates of a campaign, 200 cards in a transaction, as a
 * mass revocation does. A part is done completely or not at all, so a worker that continues after a
 * crash neither skips nor repeats any. Cards with a confirmed update are left out, except by a
 * release, and so is every certificate that was made after the moment of the population.
 */
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import { campaignActor } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { LifecycleEvent } from '../../lifecycle/certificate-states.js';
import type { Policy } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Campaign, CampaignAction, CampaignCard } from '../../ports/store/cards/campaigns.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { alteredBy, type Change, changeSameKeys, revocationOfLive, writeAll } from '../revocation/revoke.js';
import type { World } from '../world.js';
import { changeCampaign } from './change-campaign.js';
import { isSelected } from './selected-certificates.js';
import { noteEndedCards } from './update-hooks.js';

/** Limit of the cards in one transaction, because all other writers wait for it. */
const CARDS_A_PART = 200;

/**
 * Returns the campaign after the part; null: there is nothing to do. One worker at a time may call
 * it for a campaign, under a lease that `world.store` checks.
 */
export async function workCampaignAction(world: World, id: string): Promise<Result<Campaign | null, StoreFailure>> {
  const touched: CertificateRecord[] = [];
  const outcome = await world.store.transaction(async (tx) => {
    const campaign = await tx.campaign(id);
    // A pause stops everything but the release of what was suspended.
    if (campaign === null || campaign.action === null) return null;
    if (campaign.state === 'paused' && campaign.action.kind !== 'release') return null;
    return workPart(world, tx, { campaign, action: campaign.action, touched });
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (touched.length > 0) world.statusChanged(touched);
  return outcome;
}

type Part = {
  readonly campaign: Campaign;
  readonly action: CampaignAction;
  readonly touched: CertificateRecord[];
};

async function workPart(world: World, tx: Transaction, { campaign, action, touched }: Part): Promise<Campaign> {
  const now = world.clock();
  const page = { campaignId: campaign.id, after: action.after, limit: CARDS_A_PART } as const;
  const cards = await tx.campaignCardsPage(page);
  const concerned = cards.filter((card) => isConcerned(card, action));
  const all = await tx.certificatesOfCards(concerned.map(({ cardTokenId }) => cardTokenId));
  const suspendedBy = action.kind === 'release' ? await tx.lastActors(suspendedIds(all)) : new Map<string, string>();
  const records = all.filter(
    (record) =>
      isSelected(campaign, record) &&
      (action.kind !== 'release' || suspendedBy.get(record.id) === campaignActor(campaign.id)),
  );
  const change = changeOf(world, { campaign, action, now });
  // The account of a campaign has an unlimited scope, and `event` is null for what cannot change,
  // so nothing is refused.
  const changed = alteredBy(change, records);
  touched.push(...changed);
  await writeAll(tx, { change, changed, at: now });
  await changeSameKeys(world, tx, { records: changed, change, touched });
  if (action.kind === 'revoke') {
    // The revocation has moved its own cards. The certificates of others may have expired.
    const revoked = new Set(changed.map(({ cardTokenId }) => cardTokenId));
    const others = concerned.flatMap(({ cardTokenId }) => (revoked.has(cardTokenId) ? [] : cardTokenId));
    await noteEndedCards(tx, others, { actor: campaignActor(campaign.id), at: now });
  }
  const worked = {
    ...action,
    after: cards.at(-1)?.cardTokenId ?? action.after,
    changed: action.changed + changed.length,
  };
  if (cards.length === CARDS_A_PART) {
    await tx.changeCampaign(campaign.id, campaign.version, { action: worked });
    return { ...campaign, action: worked, version: campaign.version + 1 };
  }
  const type = ENTRIES[action.kind];
  return changeCampaign(tx, campaign, {
    changes: { action: null },
    cause: { type, topic: type, actor: campaignActor(campaign.id), at: now, details: { changed: worked.changed } },
  });
}

const ENTRIES = {
  suspend: 'campaign.suspended',
  revoke: 'campaign.revoked',
  release: 'campaign.released',
} as const satisfies Readonly<Record<CampaignAction['kind'], string>>;

/** A confirmed card has new certificates, and its old ones may have been suspended before. */
function isConcerned({ state }: CampaignCard, { kind }: CampaignAction): boolean {
  if (state === 'gone') return false;
  return kind === 'release' || state !== 'confirmed';
}

function suspendedIds(records: readonly CertificateRecord[]): readonly string[] {
  return records.filter(({ state }) => state.status === 'suspended').map(({ id }) => id);
}

function changeOf(
  { policy }: World,
  { campaign, action, now }: { readonly campaign: Campaign; readonly action: CampaignAction; readonly now: Instant },
): Change {
  const author = { account: accountOf(campaign) };
  if (action.kind === 'revoke')
    return revocationOfLive({ ...author, reason: campaign.document.reason, invalidityDate: null }, now);
  if (action.kind === 'release') {
    return {
      author,
      action: 'release',
      event: ({ state }) => (state.status === 'suspended' ? { kind: 'release', at: now } : null),
      auditType: 'certificate.released',
      sameKeys: null,
    };
  }
  const event: LifecycleEvent = { kind: 'suspend', at: now, invalidityDate: null, allowed: true };
  return {
    author,
    action: 'suspend',
    event: ({ state, profile }) => (state.status === 'issued' && maySuspend({ policy }, profile) ? event : null),
    auditType: 'certificate.suspended',
    sameKeys: null,
  };
}

/** Whether a campaign may suspend certificates of this profile. */
function maySuspend({ policy }: { readonly policy: Policy }, profileId: string): boolean {
  return (
    (policy.profiles.get(profileId)?.suspensionAllowed ?? 'never') !== 'never' ||
    policy.environment.suspensionAlsoFor.includes(profileId)
  );
}

/** Two officers have decided what it does, so it may do that to every certificate. */
function accountOf({ id, createdAt }: Campaign): Account {
  return {
    ...ACCOUNT_DEFAULTS,
    id: campaignActor(id),
    name: campaignActor(id),
    roles: ['officer'],
    credentials: [],
    scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
    disabled: false,
    createdAt,
  };
}
