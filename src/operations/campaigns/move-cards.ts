/**
 * Moves cards of campaigns from state to state, with the counts: they are rows that each
 * transaction changes together with the cards, so that nobody ever counts a million cards.
 */
import type { Instant } from '../../kernel/clock.js';
import { type CampaignCardEvent, decideCampaignCard } from '../../lifecycle/campaign-states.js';
import type {
  CampaignCard,
  CampaignCardState,
  CampaignCount,
  CampaignCountKey,
  DeskReason,
} from '../../ports/store/cards/campaigns.js';
import type { Transaction } from '../../ports/store.js';

/** What the card was updated with; null: that is not known, or was not the cause. */
export type Reader = { readonly reader: string; readonly middleware: string };

export type CardMove = {
  readonly card: CampaignCard;
  readonly event: CampaignCardEvent;
  /** For `send-to-desk`. */
  readonly reason?: DeskReason;
  /** For `place`. */
  readonly ticketFrom?: Instant;
  /** For `fail`: a card that has failed more often has to go to a desk. */
  readonly attemptsMax?: number;
  readonly reader?: Reader | null;
  /** For `confirm`: the time of the platform, and that of client, reader and card. */
  readonly ownMs?: number;
  readonly othersMs?: number;
};

export type MoveWrites = Pick<Transaction, 'storeCampaignCards' | 'addCampaignCounts' | 'appendAudit' | 'publish'>;

export type MoveCause = { readonly actor: string; readonly at: Instant };

/**
 * Returns the cards that have moved, as they are now. A move that the table of states does not know
 * changes nothing. No two moves are about one card of a campaign.
 */
export async function moveCards(
  tx: MoveWrites,
  moves: readonly CardMove[],
  cause: MoveCause,
): Promise<readonly CampaignCard[]> {
  const counts = createCountChanges();
  const moved: CampaignCard[] = [];
  for (const move of moves) {
    const after = cardAfter(move);
    if (after === null) continue;
    moved.push(after);
    counts.move(move.card, after);
    if (move.reader !== undefined && move.reader !== null) counts.note(after, { ...move, reader: move.reader });
  }
  if (moved.length === 0) return [];
  await tx.storeCampaignCards(moved);
  await tx.addCampaignCounts(counts.changes());
  const sent = moved.filter(({ state, cardTokenId }) => {
    const before = moves.find(({ card }) => card.cardTokenId === cardTokenId)?.card;
    return state === 'to-desk' && before?.state !== 'to-desk';
  });
  if (sent.length > 0) await announceDesk(tx, sent, cause);
  return moved;
}

/** null: the card stays as it is. */
function cardAfter({ card, event, reason, ticketFrom, attemptsMax = 0 }: CardMove): CampaignCard | null {
  const state = decideCampaignCard(card.state, event);
  if (state === null) return null;
  if (state === 'to-desk') return { ...card, state, reason: reason ?? 'officer' };
  // The card has used its place, so it gets a new one, after those that are already taken.
  if (event === 'confirm-part') return { ...card, state, reason: null, ticketFrom: null };
  if (event !== 'fail') return { ...card, state, reason: null, ticketFrom: ticketFrom ?? card.ticketFrom };
  const attempts = card.attempts + 1;
  const failed = { ...card, attempts, ticketFrom: null } as const;
  return attempts > attemptsMax
    ? { ...failed, state: 'to-desk', reason: 'failed-too-often' }
    : { ...failed, state, reason: null };
}

async function announceDesk(
  tx: Pick<MoveWrites, 'appendAudit' | 'publish'>,
  sent: readonly CampaignCard[],
  { actor, at }: MoveCause,
): Promise<void> {
  await tx.appendAudit(
    sent.map(({ campaignId, cardTokenId, reason }) => ({
      at,
      type: 'campaign.card-to-desk',
      actor,
      details: { id: campaignId, card: cardTokenId, reason: reason ?? 'officer' },
    })),
  );
  await tx.publish(
    sent.map(({ campaignId, class: className, reason }) => ({
      topic: 'card.to-desk',
      subject: campaignId,
      account: null,
      at,
      data: { campaign: campaignId, class: className, reason },
    })),
  );
}

/**
 * Clients choose the names of readers and middlewares, so counts keep only this many characters.
 */
const NAME_CHARACTERS_MAX = 64;

/** Collects changes of counts; those of one key are one change. */
export function createCountChanges() {
  const changes = new Map<string, CampaignCount>();
  const add = (key: CampaignCountKey, count: number, { ownMs = 0, othersMs = 0 } = {}): void => {
    const name = JSON.stringify([key.campaignId, key.class, key.state, key.reason, key.reader, key.middleware]);
    const earlier = changes.get(name) ?? { ...key, count: 0, ownMs: 0, othersMs: 0 };
    changes.set(name, {
      ...earlier,
      count: earlier.count + count,
      ownMs: earlier.ownMs + ownMs,
      othersMs: earlier.othersMs + othersMs,
    });
  };
  const keyOf = (card: CampaignCard, reader: Reader = NO_READER): CampaignCountKey => ({
    campaignId: card.campaignId,
    class: card.class,
    state: card.state,
    reason: card.reason ?? '',
    reader: reader.reader.slice(0, NAME_CHARACTERS_MAX),
    middleware: reader.middleware.slice(0, NAME_CHARACTERS_MAX),
  });
  return {
    /** A new card of a campaign. */
    insert: (card: CampaignCard): void => add(keyOf(card), 1),
    move: (before: CampaignCard, after: CampaignCard): void => {
      add(keyOf(before), -1);
      add(keyOf(after), 1);
    },
    /** A card came into its state with this reader. */
    note: (after: CampaignCard, { reader, ownMs, othersMs }: CardMove & { readonly reader: Reader }): void =>
      add(keyOf(after, reader), 1, { ownMs: ownMs ?? 0, othersMs: othersMs ?? 0 }),
    changes: (): readonly CampaignCount[] => [...changes.values()].filter(({ count }) => count !== 0),
  } as const;
}

const NO_READER: Reader = { reader: '', middleware: '' };

/** The numbers of cards by state. */
export function cardsByState(counts: readonly CampaignCount[]): Readonly<Partial<Record<CampaignCardState, number>>> {
  const numbers: Partial<Record<CampaignCardState, number>> = {};
  for (const { state, reader, middleware, count } of counts)
    if (reader === '' && middleware === '') numbers[state] = (numbers[state] ?? 0) + count;
  return numbers;
}
