/** Reads campaigns, their counts and their cards. */
import { decideAccess } from '../../access/decide.js';
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type {
  Campaign,
  CampaignCard,
  CampaignCardState,
  CampaignCount,
  CampaignState,
  DeskReason,
} from '../../ports/store/cards/campaigns.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Reads } from '../../ports/store.js';
import { takePlace } from '../../updates/tickets.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { seenCards } from './seen-cards.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;
type ReadingWorld = Pick<World, 'store'>;

type CampaignFilter = {
  readonly state: CampaignState | undefined;
  readonly limit: number;
  /** Only campaigns that were created before this one; null: from the newest on. */
  readonly before: string | null;
};

/** Newest first. `next`: the campaign after which the next page begins; null: there is none. */
export async function listCampaigns(
  { store }: ReadingWorld,
  account: Account,
  { state, limit, before }: CampaignFilter,
): Outcome<{ readonly campaigns: readonly Campaign[]; readonly next: string | null }> {
  const permitted = decideAccess(account, 'read-campaigns', null);
  if (!permitted.ok) return permitted;
  const found = await store.read((reads) => reads.campaignsPage({ state, limit: limit + 1, before }));
  if (!found.ok) return found;
  const campaigns = found.value.slice(0, limit);
  return ok({ campaigns, next: found.value.length > limit ? (campaigns.at(-1)?.id ?? null) : null });
}

export async function readCampaign({ store }: ReadingWorld, account: Account, id: string): Outcome<Campaign> {
  const permitted = decideAccess(account, 'read-campaigns', null);
  if (!permitted.ok) return permitted;
  const found = await store.read((reads) => reads.campaign(id));
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-campaign', { id })) : ok(found.value);
}

/** What a class can do, and how much of it is used. */
export type ClassUse = {
  readonly class: string;
  readonly capacityPerHour: number;
  /** Places that were taken in the last hour, and those that begin later. */
  readonly usedLastHour: number;
  readonly placesAhead: number;
  /** When a card that asks now would have its place. */
  readonly nextPlaceAt: Instant;
};

export type CampaignFigures = {
  readonly campaign: Campaign;
  readonly counts: readonly CampaignCount[];
  readonly classes: readonly ClassUse[];
};

export async function readCampaignCounts(
  { store }: ReadingWorld,
  account: Account,
  id: string,
): Outcome<CampaignFigures> {
  const permitted = decideAccess(account, 'read-campaigns', null);
  if (!permitted.ok) return permitted;
  const found = await store.read(async (reads): Outcome<CampaignFigures> => {
    const campaign = await reads.campaign(id);
    if (campaign === null) return err(notFound('no-campaign', { id }));
    const { now } = await reads.databaseClock();
    return ok({ campaign, counts: await reads.campaignCounts(id), classes: await classUses(reads, campaign, now) });
  });
  return found.ok ? found.value : found;
}

type SlotReads = Pick<Reads, 'lastSlot' | 'takenPlaces'>;

/** How many minutes ahead places can be: more than a century. */
const MINUTES_AHEAD_MAX = 60_000_000;

export async function classUses(reads: SlotReads, campaign: Campaign, now: Instant): Promise<readonly ClassUse[]> {
  const minute = Math.floor(now / MINUTE_MS);
  const uses: ClassUse[] = [];
  for (const { name, capacityPerHour, opensAt } of campaign.document.classes) {
    const of = { campaignId: campaign.id, class: name } as const;
    const newest = await reads.lastSlot(campaign.id, name);
    uses.push({
      class: name,
      capacityPerHour,
      usedLastHour: await reads.takenPlaces({ ...of, from: minute - 60, until: minute + 1 }),
      placesAhead: await reads.takenPlaces({ ...of, from: minute + 1, until: minute + MINUTES_AHEAD_MAX }),
      nextPlaceAt: takePlace({ now: Math.max(now, opensAt ?? now), capacityPerHour, newest }).from,
    });
  }
  return uses;
}

type CardFilter = {
  readonly id: string;
  readonly state?: CampaignCardState | undefined;
  readonly reason?: DeskReason | undefined;
};

const CARDS_A_PAGE = 1_000;

/** Cards that the account sees, by their numbers, in pages; it ends after the first failure. */
export async function readCampaignCards(
  world: ReadingWorld,
  account: Account,
  filter: CardFilter,
): Outcome<AsyncGenerator<Result<readonly CampaignCard[], StoreFailure>, void>> {
  const campaign = await readCampaign(world, account, filter.id);
  return campaign.ok ? ok(cardPages(world, account, filter)) : campaign;
}

async function* cardPages(
  { store }: ReadingWorld,
  account: Account,
  { id: campaignId, state, reason }: CardFilter,
): AsyncGenerator<Result<readonly CampaignCard[], StoreFailure>, void> {
  let after = '';
  for (;;) {
    const from = { campaignId, after, limit: CARDS_A_PAGE, state, reason } as const;
    const page = await store.read(async (reads) => {
      const cards = await reads.campaignCardsPage(from);
      const tokenIds = cards.map(({ cardTokenId }) => cardTokenId);
      const seen = await seenCards(reads, account, tokenIds);
      return { cards: cards.filter(({ cardTokenId }) => seen.has(cardTokenId)), last: tokenIds.at(-1) };
    });
    yield page.ok ? ok(page.value.cards) : page;
    const last = page.ok ? page.value.last : undefined;
    if (last === undefined) return;
    after = last;
  }
}

/** A page has fewer cards than `limit` where the account does not see all of them. */
export type CampaignCardsPage = {
  readonly cards: readonly CampaignCard[];
  /** The card after which the next page begins; null: there is none. */
  readonly next: string | null;
};

export async function listCampaignCards(
  { store }: ReadingWorld,
  account: Account,
  { id: campaignId, after, limit, ...filter }: CardFilter & { readonly after: string; readonly limit: number },
): Outcome<CampaignCardsPage> {
  const campaign = await readCampaign({ store }, account, campaignId);
  if (!campaign.ok) return campaign;
  return store.read(async (reads) => {
    const found = await reads.campaignCardsPage({ campaignId, after, limit: limit + 1, ...filter });
    const page = found.slice(0, limit);
    const tokenIds = page.map(({ cardTokenId }) => cardTokenId);
    const seen = await seenCards(reads, account, tokenIds);
    const next = found.length > limit ? (tokenIds.at(-1) ?? null) : null;
    return { cards: page.filter(({ cardTokenId }) => seen.has(cardTokenId)), next };
  });
}
