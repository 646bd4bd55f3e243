/**
 * What updates and revocations tell campaigns, in their own transactions. A card that is in no
 * campaign costs one look-up in an index that is nearly empty.
 */
import { present } from '../../kernel/assert.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { groupBy } from '../../kernel/group-by.js';
import type { CampaignCardEvent } from '../../lifecycle/campaign-states.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import type { CampaignCard, CardOfCampaign, DeskReason } from '../../ports/store/cards/campaigns.js';
import type { CardCapabilities } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { fault, text, violation } from '../../texts/text.js';
import { ticketOf } from '../../updates/tickets.js';
import { deskReasonsOf } from '../cards/desk-reasons.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type CardMove, type MoveCause, moveCards, type Reader } from './move-cards.js';
import { hasSelectedLeft, isInForce, isSelected } from './selected-certificates.js';
import { needsTicket, PLACES } from './tickets.js';

/** What the campaign of a card says of an update that begins. */
export type BeginTerms = {
  /** null: the card is in no open campaign, and the update is one like any other. */
  readonly campaignId: string | null;
  /** Whether a suspended key may begin it. */
  readonly fromSuspended: boolean;
  /** What becomes of the old certificates; null: what their profile says. */
  readonly supersede: 'revoke' | 'let-end' | null;
};

/** null: the card is in no open campaign. */
export function termsOf(row: CardOfCampaign | null): BeginTerms {
  if (row === null) return { campaignId: null, fromSuspended: false, supersede: null };
  const { id, document } = row.campaign;
  return { campaignId: id, fromSuspended: document.fromSuspended, supersede: document.supersede };
}

type Begin = {
  /** The card in its campaign; null: it is in no open one. */
  readonly row: CardOfCampaign | null;
  readonly channel: 'secure-messaging' | 'none';
  /** The time of the database. */
  readonly now: Instant;
};

/**
 * Why a card cannot begin an update now; null: it can. A card that needs a place gets one here, and
 * is told when to come back if the place begins later. A card at a desk needs none.
 */
export async function beginFault(
  { store }: Pick<World, 'store'>,
  { row, channel, now }: Begin,
): Promise<OperationFailure | null> {
  if (row === null) return null;
  const { campaign, card } = row;
  if (campaign.state === 'paused') return { kind: 'state-conflict', ...fault('campaign-paused') };
  if (campaign.document.channel === 'secure-messaging' && channel !== 'secure-messaging')
    return { kind: 'policy-violated', violations: [violation('/channel', 'campaign-channel')] };
  if (!needsTicket(row, now)) return placeFault(card, now);
  const placed = await store.groupedTransaction(PLACES, card.cardTokenId);
  if (!placed.ok) return placed.error;
  return placed.value.row === null ? null : placeFault(placed.value.row.card, placed.value.now);
}

function placeFault({ state, ticketFrom }: CampaignCard, now: Instant): OperationFailure | null {
  if (state !== 'ticket') return null;
  const from = present(ticketFrom, 'the beginning of a place');
  if (from <= now) return null;
  const message = text('ticket-from', { from: formatInstant(from) });
  return { kind: 'quota-exceeded', retryAfterMs: from - now, message, ticket: ticketOf(from) };
}

export type UpdateMove = {
  readonly cardTokenId: string;
  readonly event: Exclude<CampaignCardEvent, 'place' | 'go' | 'send-to-desk' | 'confirm' | 'confirm-part'>;
  readonly reader: Reader | null;
};

/** `updateId`: the update that the card has confirmed. */
export type ConfirmedMove = Pick<UpdateMove, 'cardTokenId' | 'reader'> & {
  readonly event: 'confirm';
  readonly updateId: string;
  readonly ownMs: number;
  readonly othersMs: number;
};

/**
 * An update of the card has come into another state. A confirmation counts in every campaign of the
 * card that has not ended, whenever the update began: its keys are new. A card that still uses
 * another certificate of the population is not done.
 */
export async function noteUpdates(
  tx: Transaction,
  updates: readonly (UpdateMove | ConfirmedMove)[],
  cause: MoveCause,
): Promise<void> {
  const rows = await tx.liveCampaignCards(updates.map(({ cardTokenId }) => cardTokenId));
  if (rows.length === 0) return;
  const byCard = new Map(updates.map((update) => [update.cardTokenId, update]));
  const isConfirmed = (tokenId: string): boolean => byCard.get(tokenId)?.event === 'confirm';
  const confirmed = [...new Set(rows.map(({ card }) => card.cardTokenId))].filter(isConfirmed);
  const records = groupBy(await tx.certificatesOfCards(confirmed), ({ cardTokenId }) => cardTokenId);
  const moves = rows.flatMap(({ card, campaign }): readonly CardMove[] => {
    const update = byCard.get(card.cardTokenId);
    if (update === undefined) return [];
    const onCard = records.get(card.cardTokenId) ?? [];
    const isPart =
      update.event === 'confirm' && hasSelectedLeft(campaign, onCard, { updateId: update.updateId, now: cause.at });
    const event = isPart ? 'confirm-part' : update.event;
    return [{ ...update, event, card, attemptsMax: campaign.document.attemptsMax }];
  });
  for (const some of byCampaign(moves)) await moveCards(tx, some, cause);
}

/** The cards are opposed or returned, or all of their certificates have ended. */
export async function noteCardsGone(tx: Transaction, tokenIds: readonly string[], cause: MoveCause): Promise<void> {
  await moveLive(tx, { tokenIds, event: 'go' }, cause);
}

/** Certificates of these cards have ended. Cards on which none is left are gone. */
export async function noteEndedCards(tx: Transaction, tokenIds: readonly string[], cause: MoveCause): Promise<void> {
  const rows = await tx.liveCampaignCards(tokenIds);
  const concerned = [...new Set(rows.flatMap(({ card }) => (card.state === 'gone' ? [] : card.cardTokenId)))];
  if (concerned.length === 0) return;
  const records = await tx.certificatesOfCards(concerned);
  const hasLeft = (record: CertificateRecord): boolean => {
    const status = statusOf(record, cause.at);
    return status !== 'revoked' && status !== 'expired';
  };
  const left = new Set(records.filter(hasLeft).map(({ cardTokenId }) => cardTokenId));
  await noteCardsGone(
    tx,
    concerned.filter((tokenId) => !left.has(tokenId)),
    cause,
  );
}

type ToDesk = {
  readonly cardTokenId: string;
  readonly reason: DeskReason;
  /** Left out: no client has come with the card. */
  readonly reader?: Reader;
};

/** The card cannot be updated remotely. */
export async function sendToDesk(tx: Transaction, { cardTokenId, ...why }: ToDesk, cause: MoveCause): Promise<void> {
  await moveLive(tx, { tokenIds: [cardTokenId], event: 'send-to-desk', ...why }, cause);
}

/**
 * A client has reported what the card can do. A card that has not begun goes to a desk if it cannot
 * hold new keys for what its campaign is about. A card that has begun is left alone: its new keys
 * may fill the containers.
 */
export async function noteCapabilities(
  world: Pick<World, 'policy' | 'clock'>,
  tx: Transaction,
  { tokenId, capabilities, actor }: CapabilityNote,
): Promise<void> {
  const rows = (await tx.liveCampaignCards([tokenId])).filter(
    ({ card: { state } }) => state === 'waiting' || state === 'ticket',
  );
  if (rows.length === 0) return;
  const { now: at } = await tx.databaseClock();
  const onCard = (await tx.certificatesOfCards([tokenId])).filter((record) => isInForce(record, at));
  for (const { card, campaign } of rows) {
    const selected = onCard.filter((record) => isSelected(campaign, record));
    const [reason] = deskReasonsOf(world, selected, capabilities);
    if (reason !== undefined) await moveCards(tx, [{ card, event: 'send-to-desk', reason }], { actor, at });
  }
}

type CapabilityNote = {
  readonly tokenId: string;
  readonly capabilities: CardCapabilities;
  readonly actor: string;
};

async function moveLive(
  tx: Transaction,
  { tokenIds, ...move }: { readonly tokenIds: readonly string[] } & Omit<CardMove, 'card'>,
  cause: MoveCause,
): Promise<void> {
  const rows = await tx.liveCampaignCards(tokenIds);
  const moves = rows.map(({ card }) => ({ ...move, card }));
  for (const some of byCampaign(moves)) await moveCards(tx, some, cause);
}

/** A card may be in several campaigns. */
function byCampaign(moves: readonly CardMove[]): Iterable<readonly CardMove[]> {
  return groupBy(moves, ({ card }) => card.campaignId).values();
}
