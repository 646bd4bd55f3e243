/**
 * Writes the population of a campaign, one page of cards in a transaction: one statement over a
 * million cards would hold up all other transactions for too long (ops/decisions/0014). The cards
 * are those of the moment that was fixed before, so it does not matter when a page is written. A
 * card whose capabilities say that it cannot be updated remotely is sent to a desk at once, before
 * its holder has tried.
 */
import { present } from '../../kernel/assert.js';
import { ok, type Result } from '../../kernel/result.js';
import { isBelowVersion } from '../../kernel/versions.js';
import { decideCampaign } from '../../lifecycle/campaign-states.js';
import type { CapabilityReason } from '../../policy/card-generations.js';
import type { Campaign, CampaignCard, SelectedCard } from '../../ports/store/cards/campaigns.js';
import type { StoredCard } from '../../ports/store/cards/cards.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { deskReasonsOf } from '../cards/desk-reasons.js';
import type { World } from '../world.js';
import { changeCampaign } from './change-campaign.js';
import { cardsByState, createCountChanges } from './move-cards.js';

/** Cards that one transaction looks at. */
const CARDS_A_PAGE = 10_000;

export type PopulationWorld = Pick<World, 'store' | 'clock' | 'policy'>;

/** Returns whether there is more to do. */
export async function populatePage(world: PopulationWorld, id: string): Promise<Result<boolean, StoreFailure>> {
  const looked = await world.store.read(async (reads) => {
    const campaign = await reads.campaign(id);
    if (campaign === null || campaign.state !== 'preparing') return null;
    return { campaign, upTo: await reads.populationPageEnd(campaign.populatedTo, CARDS_A_PAGE) };
  });
  if (!looked.ok) return looked;
  if (looked.value === null) return ok(false);
  const { upTo } = looked.value;
  return world.store.transaction(async (tx) => {
    const campaign = present(await tx.campaign(id), 'a campaign that is never deleted');
    // An officer may have ended it, and another process may have written the page.
    if (campaign.state !== 'preparing') return false;
    if (campaign.populatedTo !== looked.value?.campaign.populatedTo) return true;
    if (upTo === null) {
      await complete(world, tx, campaign);
      return false;
    }
    await insertPage(world, tx, { campaign, upTo });
    return true;
  });
}

async function insertPage(
  world: PopulationWorld,
  tx: Transaction,
  { campaign, upTo }: { readonly campaign: Campaign; readonly upTo: string },
): Promise<void> {
  const found = await tx.selectCards({ campaign, after: campaign.populatedTo, upTo });
  const counts = createCountChanges();
  const cards = found.flatMap((selected): readonly CampaignCard[] => {
    const { card } = selected;
    const className = classOf(campaign, selected);
    if (className === null || !isOfApplet(campaign, card)) return [];
    const isInUse = card.state === 'in-use';
    const reason = isInUse ? deskReasonOf(world, selected) : null;
    const state = !isInUse ? 'gone' : reason === null ? 'waiting' : 'to-desk';
    const of = { campaignId: campaign.id, cardTokenId: card.tokenId, class: className } as const;
    return [{ ...of, state, reason, attempts: 0, ticketFrom: null }];
  });
  for (const card of cards) counts.insert(card);
  await tx.insertCampaignCards(cards);
  await tx.addCampaignCounts(counts.changes());
  await tx.changeCampaign(campaign.id, campaign.version, { populatedTo: upTo });
}

async function complete({ clock }: PopulationWorld, tx: Transaction, campaign: Campaign): Promise<void> {
  const ready = decideCampaign(campaign.state, 'populated');
  if (!ready.ok) return;
  const { now } = await tx.databaseClock();
  const cards = cardsByState(await tx.campaignCounts(campaign.id));
  await changeCampaign(tx, campaign, {
    changes: { state: ready.value, stateAt: now },
    cause: { type: 'campaign.ready', actor: 'system', at: clock(), topic: 'campaign.ready', details: { cards } },
  });
}

/** The first class that fits; null: none does, and the card is not in the campaign. */
function classOf({ document: { classes } }: Campaign, { card, listedIn }: SelectedCard): string | null {
  const found = classes.find(({ name, select }) => {
    if (select.kind === 'list') return listedIn.includes(name);
    return isAmong(select.products, card.product) && isAmong(select.professions, card.profession);
  });
  return found?.name ?? null;
}

function isAmong(wanted: readonly string[] | null, value: string | null): boolean {
  return wanted === null || (value !== null && wanted.includes(value));
}

function isOfApplet({ document: { selection } }: Campaign, { capabilities }: StoredCard): boolean {
  if (selection.kind === 'list' || selection.appletBelow === null) return true;
  return capabilities !== null && isBelowVersion(capabilities.applet, selection.appletBelow);
}

/** Why the card cannot be updated remotely, as far as that is known; null: it may be. */
function deskReasonOf(world: PopulationWorld, { card, profiles }: SelectedCard): CapabilityReason | null {
  if (card.capabilities === null) return null;
  const certificates = profiles.map((profile) => ({ profile }));
  return deskReasonsOf(world, certificates, card.capabilities)[0] ?? null;
}
