/** Reads the life of a card, and what a holder has and had, without names. */
import { err, ok, type Result } from '../../kernel/result.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { OpenProcedure, StoredCard, StoredHolder } from '../../ports/store/cards/cards.js';
import type { CertificateSummary } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';
import { isFound } from '../certificates/read-history.js';
import { type ShownSummary, summaryOf, withRenewals } from '../certificates/summarise.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { openProceduresOf } from './read-cards.js';
import { coversBlankCard } from './visible-card.js';

export type CardHistory = {
  readonly card: StoredCard;
  /** All of its life that the account may find, the oldest first. */
  readonly certificates: readonly ShownSummary[];
  /** Updates whose old certificates the account may all find, newest first, 100 at most. */
  readonly updates: readonly CardUpdate[];
  /** Token ids of the cards that it replaces. */
  readonly replaces: readonly string[];
  readonly procedure: OpenProcedure | null;
};

const UPDATES_MAX = 100;
/** A person has one or two cards at a time, and some more in a life. */
const CARDS_MAX = 200;

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

export async function readCardHistory(
  { store }: Pick<World, 'store'>,
  account: Account,
  tokenId: string,
): Outcome<CardHistory> {
  const read = await store.read(async (reads): Promise<CardHistory | null> => {
    const [found] = await foundCards(reads, account, await reads.cardsById([tokenId]));
    if (found === undefined) return null;
    const updates = await reads.updatesPage({ cardTokenId: tokenId, state: null, before: null, limit: UPDATES_MAX });
    const foundIds = new Set(found.certificates.map(({ id }) => id));
    const replaced = await reads.cardsReplacedBy([tokenId]);
    const procedures = await openProceduresOf(reads, [found.card]);
    return {
      card: found.card,
      certificates: await withRenewals(reads, found.certificates),
      updates: updates.filter(({ oldIds }) => oldIds.every((id) => foundIds.has(id))),
      replaces: replaced.map((one) => one.tokenId),
      procedure: procedures(found.card),
    };
  });
  if (!read.ok) return read;
  return read.value === null ? err(notFound('no-card', { card: tokenId })) : ok(read.value);
}

export type HolderHistory = {
  readonly holderId: string;
  /** null: the state of the holder has never changed, so the holder is free. */
  readonly record: StoredHolder | null;
  readonly cards: readonly StoredCard[];
  /** As far as the account may find them, the oldest first. */
  readonly certificates: readonly ShownSummary[];
  readonly procedures: readonly OpenProcedure[];
};

export async function readHolderHistory(
  { store }: Pick<World, 'store'>,
  account: Account,
  holderId: string,
): Outcome<HolderHistory> {
  const read = await store.read(async (reads): Promise<HolderHistory | null> => {
    const own = (await reads.certificatesOfHolder(holderId)).filter((one) => isFound(account, one));
    const all = await reads.cardsAfter({ state: null, holderId, after: '', limit: CARDS_MAX });
    const cards = (await foundCards(reads, account, all)).map(({ card }) => card);
    if (own.length === 0 && cards.length === 0) return null;
    const [record] = await reads.holdersById([holderId]);
    const procedures = await reads.proceduresOf([holderId]);
    const certificates = await withRenewals(reads, own.map(summaryOf));
    return { holderId, record: record ?? null, cards, certificates, procedures };
  });
  if (!read.ok) return read;
  if (read.value !== null) return ok(read.value);
  return err(notFound('no-certificate-of-holder', { holder: holderId }));
}

type FoundCard = Pick<CardHistory, 'card'> & { readonly certificates: readonly CertificateSummary[] };

/** Cards of which the account may find nothing are left out. */
async function foundCards(
  reads: Pick<Reads, 'certificatesOfCards' | 'certificatesOfHolder'>,
  account: Account,
  cards: readonly StoredCard[],
): Promise<readonly FoundCard[]> {
  const records = (await reads.certificatesOfCards(cards.map(({ tokenId }) => tokenId))).filter(isCertificate);
  const all: FoundCard[] = [];
  for (const card of cards) {
    const onCard = records.filter(({ cardTokenId }) => cardTokenId === card.tokenId);
    const found = onCard.filter((record) => isFound(account, record));
    const isVisible =
      onCard.length === 0 ? await coversBlankCard(reads, card, { account, action: 'find' }) : found.length > 0;
    if (isVisible) all.push({ card, certificates: found.map(summaryOf) });
  }
  return all;
}
