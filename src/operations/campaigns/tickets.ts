/** Gives cards of open campaigns their places, each place once: transactions take turns. */
import { SYSTEM } from '../../audit/actors.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { groupBy } from '../../kernel/group-by.js';
import type { CampaignCard, CampaignSlot, CardOfCampaign } from '../../ports/store/cards/campaigns.js';
import type { GroupedWork, Transaction } from '../../ports/store.js';
import { isGood, takePlace } from '../../updates/tickets.js';
import { type CardMove, type MoveCause, type MoveWrites, moveCards } from './move-cards.js';

/** Gives cards places. Each is read again, because another request may have given it one. */
export const PLACES: GroupedWork<Transaction, string, { readonly now: Instant; readonly row: CardOfCampaign | null }> =
  {
    run: async (tx, tokenIds) => {
      const { now } = await tx.databaseClock();
      const wanted = [...new Set(tokenIds)];
      const current = currentByCard(await tx.openCampaignCards(wanted));
      // Places are taken in the order of the requests.
      const without = wanted.flatMap((tokenId) => current.get(tokenId) ?? []).filter((row) => needsTicket(row, now));
      const placed = await takeTickets(tx, without, { actor: SYSTEM, at: now });
      const after = new Map(placed.map((card) => [card.cardTokenId, card]));
      return tokenIds.map((tokenId) => {
        const row = current.get(tokenId);
        return { now, row: row === undefined ? null : { ...row, card: after.get(tokenId) ?? row.card } };
      });
    },
  };

type TicketWrites = MoveWrites & Pick<Transaction, 'lastSlot' | 'storeSlots'>;

/** The campaign that a card is to be updated in: the oldest that is not done with it. */
export function currentCampaign(rows: readonly CardOfCampaign[]): CardOfCampaign | null {
  return rows.find(({ card: { state } }) => state !== 'confirmed' && state !== 'gone') ?? null;
}

/** As `currentCampaign`, for each card; cards without such a campaign are left out. */
export function currentByCard(rows: readonly CardOfCampaign[]): ReadonlyMap<string, CardOfCampaign> {
  const current = new Map<string, CardOfCampaign>();
  for (const [cardTokenId, some] of groupBy(rows, ({ card }) => card.cardTokenId)) {
    const row = currentCampaign(some);
    if (row !== null) current.set(cardTokenId, row);
  }
  return current;
}

/** Whether the card needs a place, and its campaign gives places. */
export function needsTicket({ card, campaign }: CardOfCampaign, now: Instant): boolean {
  if (campaign.state !== 'open') return false;
  return card.state === 'waiting' || (card.state === 'ticket' && !isGood(card.ticketFrom, now));
}

/** Returns the cards with their places, in their order. */
async function takeTickets(
  tx: TicketWrites,
  wanted: readonly CardOfCampaign[],
  cause: MoveCause,
): Promise<readonly CampaignCard[]> {
  const newest = new Map<string, CampaignSlot | null>();
  const changed = new Map<string, CampaignSlot>();
  const moves: CardMove[] = [];
  for (const { card, campaign } of wanted) {
    const key = `${campaign.id} ${card.class}`;
    const known = newest.has(key) ? (newest.get(key) ?? null) : await tx.lastSlot(campaign.id, card.class);
    const { capacityPerHour, opensAt } = present(
      campaign.document.classes.find(({ name }) => name === card.class),
      'the class of a card',
    );
    const { from, places } = takePlace({
      now: Math.max(cause.at, opensAt ?? cause.at),
      capacityPerHour,
      newest: known,
    });
    const slot: CampaignSlot = { campaignId: campaign.id, class: card.class, ...places };
    newest.set(key, slot);
    changed.set(`${key} ${slot.minute}`, slot);
    moves.push({ card, event: 'place', ticketFrom: from });
  }
  if (moves.length === 0) return [];
  await tx.storeSlots([...changed.values()]);
  return moveCards(tx, moves, cause);
}
