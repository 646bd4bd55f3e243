/**
 * The end of cards: opposed or returned, in the transaction that revokes their certificates. What
 * is open for a card is given up with it.
 */
import type { Instant } from '../../kernel/clock.js';
import { decideCard } from '../../lifecycle/card-states.js';
import type { CardFacts, EndedCard } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { OutboxEvent } from '../../ports/store/outbox/events.js';
import type { Transaction } from '../../ports/store.js';
import { noteCardsGone } from '../campaigns/update-hooks.js';
import { endUpdatesOfCards } from '../updates/end-updates.js';
import { cardFactsOf } from './usable-cards.js';

/** `account`: that of its newest certificate; its endpoints get the event. null: it has none. */
type CardOfAccount = CardFacts & { readonly account: string | null };

type CardsEnd = {
  /** Each card once. */
  readonly cards: readonly CardOfAccount[];
  readonly event: 'return' | 'oppose';
  /** The reason of the revocation, `scrapped` or `replaced`. */
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
};

/** A card that has ended before does not change, and is not recorded again. */
export async function endCards(tx: Transaction, { cards, event, reason, actor, at }: CardsEnd): Promise<void> {
  const known = await tx.cardsById(cards.map(({ tokenId }) => tokenId));
  const ended = cards.flatMap((card) => {
    const before = known.find(({ tokenId }) => tokenId === card.tokenId)?.state ?? 'in-use';
    const after = decideCard(before, event, card.tokenId);
    return after.ok && after.value !== before && after.value !== 'in-use'
      ? [{ ...card, state: after.value, reason }]
      : [];
  });
  if (ended.length === 0) return;
  await tx.endCards(ended, at);
  await tx.appendAudit(
    ended.map(({ tokenId, state }) => ({ at, type: `card.${state}`, actor, details: { card: tokenId, reason } })),
  );
  await tx.publish(ended.filter(({ state }) => state === 'opposed').map((card) => opposedEvent(card, at)));
  await endUpdatesOfCards(
    tx,
    ended.map(({ tokenId }) => tokenId),
    { actor, at },
  );
  await noteCardsGone(
    tx,
    ended.map(({ tokenId }) => tokenId),
    { actor, at },
  );
  await giveUpReplacements(
    tx,
    ended.map(({ tokenId }) => tokenId),
  );
}

/** The cards of certificates. Facts and account are those of the newest certificate on each. */
export function cardsOfRecords(records: readonly CertificateRecord[]): readonly CardOfAccount[] {
  const cards = new Map<string, CardOfAccount>();
  for (const record of records) {
    const facts = cardFactsOf(record);
    if (facts !== null) cards.set(facts.tokenId, { ...facts, account: record.accountId });
  }
  return [...cards.values()];
}

function opposedEvent({ tokenId, account, reason }: EndedCard & CardOfAccount, at: Instant): OutboxEvent {
  return { topic: 'card.opposed', subject: tokenId, account, at, data: { card: tokenId, reason } };
}

/** A card that was to be replaced by one of these stays in use, and another one can replace it. */
async function giveUpReplacements(tx: Transaction, tokenIds: readonly string[]): Promise<void> {
  const waiting = (await tx.cardsReplacedBy(tokenIds)).filter(({ replacedUntil }) => replacedUntil !== null);
  for (const { tokenId } of waiting) await tx.setReplacement(tokenId, null);
  await tx.closeProcedures('replacement', [...tokenIds, ...waiting.map(({ tokenId }) => tokenId)]);
}
