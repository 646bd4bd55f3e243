/**
 * What updates and revocations tell campaigns, in their own transactions. A card that is in no
 * campaign costs one look-up in an index that is nearly empty.
 */
import { present } from '../../kernel/assert.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CampaignCardEvent } from '../../lifecycle/campaign-states.js';
import type { DeskReason } from '../../ports/store/cards/campaigns.js';
import type { Reads, Transaction } from '../../ports/store.js';
import { fault, text, violation } from '../../texts/text.js';
import { ticketOf } from '../../updates/tickets.js';
import type { OperationFailure } from '../failures.js';
import { type CardMove, type MoveCause, moveCards, type Reader } from './move-cards.js';
import { type CardOfCampaign, currentByCard, currentCampaign, needsTicket, takeTickets } from './tickets.js';

/** What a campaign says of an update that begins. */
export type BeginAdmission = {
  /** null: the card is in no open campaign, and the update is one like any other. */
  readonly campaignId: string | null;
  /** What becomes of the old certificates; null: what their profile says. */
  readonly supersede: 'revoke' | 'let-end' | null;
};

const NO_CAMPAIGN: BeginAdmission = { campaignId: null, supersede: null };

export type BeginRequest = { readonly cardTokenId: string; readonly channel: 'secure-messaging' | 'none' };

/**
 * Whether cards may begin updates now, in the order of the requests. A card without a place gets
 * one, also when it is refused, so that it knows when to come back. A card at a desk needs none.
 */
export async function admitBegins(
  tx: Transaction,
  begins: readonly BeginRequest[],
  cause: MoveCause,
): Promise<readonly Result<BeginAdmission, OperationFailure>[]> {
  const found = await tx.openCampaignCards([...new Set(begins.map(({ cardTokenId }) => cardTokenId))]);
  if (found.length === 0) return begins.map(() => ok(NO_CAMPAIGN));
  const rows = currentByCard(found);
  const without = [...rows.values()].filter((row) => needsTicket(row, cause.at));
  const placed = new Map((await takeTickets(tx, without, cause)).map((card) => [card.cardTokenId, card]));
  return begins.map((begin) => {
    const row = rows.get(begin.cardTokenId);
    if (row === undefined) return ok(NO_CAMPAIGN);
    return admit({ ...row, card: placed.get(begin.cardTokenId) ?? row.card }, begin, cause.at);
  });
}

function admit(
  { card, campaign: { id, state, document } }: CardOfCampaign,
  { channel }: BeginRequest,
  now: Instant,
): Result<BeginAdmission, OperationFailure> {
  if (state === 'paused') return err({ kind: 'state-conflict', ...fault('campaign-paused') });
  if (document.channel === 'secure-messaging' && channel !== 'secure-messaging')
    return err({ kind: 'policy-violated', violations: [violation('/channel', 'campaign-channel')] });
  const admission = { campaignId: id, supersede: document.supersede } as const;
  if (card.state !== 'ticket') return ok(admission);
  const from = present(card.ticketFrom, 'the beginning of a place');
  return from <= now ? ok(admission) : err(tooEarly(from, now));
}

function tooEarly(from: Instant, now: Instant): OperationFailure {
  const message = text('ticket-from', { from: formatInstant(from) });
  return { kind: 'quota-exceeded', retryAfterMs: from - now, message, ticket: ticketOf(from) };
}

/** Whether a suspended key of this card may begin an update. */
export async function suspendedMayBegin(
  reads: Pick<Reads, 'openCampaignCards'>,
  cardTokenId: string,
): Promise<boolean> {
  const row = currentCampaign(await reads.openCampaignCards([cardTokenId]));
  return row?.campaign.document.fromSuspended === true;
}

export type UpdateMove = {
  readonly cardTokenId: string;
  readonly event: Exclude<CampaignCardEvent, 'place' | 'go' | 'send-to-desk'>;
  readonly reader: Reader | null;
  readonly ownMs?: number;
  readonly othersMs?: number;
};

/**
 * An update of the card has come into another state. A confirmation counts in every campaign of the
 * card that has not ended, whenever the update began: its keys are new.
 */
export async function noteUpdates(tx: Transaction, updates: readonly UpdateMove[], cause: MoveCause): Promise<void> {
  const rows = await tx.liveCampaignCards(updates.map(({ cardTokenId }) => cardTokenId));
  if (rows.length === 0) return;
  const moves = rows.flatMap((card): readonly CardMove[] => {
    const update = updates.find(({ cardTokenId }) => cardTokenId === card.cardTokenId);
    return update === undefined ? [] : [{ ...update, card }];
  });
  await moveCards(tx, moves, cause);
}

/** The cards are opposed or returned, or all of their certificates have ended. */
export async function noteCardsGone(tx: Transaction, tokenIds: readonly string[], cause: MoveCause): Promise<void> {
  await moveLive(tx, { tokenIds, event: 'go' }, cause);
}

/** The card cannot be updated remotely. */
export async function sendToDesk(
  tx: Transaction,
  { cardTokenId, reason }: { readonly cardTokenId: string; readonly reason: DeskReason },
  cause: MoveCause,
): Promise<void> {
  await moveLive(tx, { tokenIds: [cardTokenId], event: 'send-to-desk', reason }, cause);
}

async function moveLive(
  tx: Transaction,
  { tokenIds, ...move }: { readonly tokenIds: readonly string[] } & Omit<CardMove, 'card'>,
  cause: MoveCause,
): Promise<void> {
  const rows = await tx.liveCampaignCards(tokenIds);
  if (rows.length > 0)
    await moveCards(
      tx,
      rows.map((card) => ({ ...move, card })),
      cause,
    );
}
