/** Reading cards and holders: their states, certificates, updates, procedures and campaigns. */
import { decideAccess, subjectOf } from '../../access/decide.js';
import { decideSelf, type SelfPrincipal } from '../../access/principal.js';
import { accountActor } from '../../audit/actors.js';
import { groupBy } from '../../kernel/group-by.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CampaignCard } from '../../ports/store/cards/campaigns.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CardState, OpenProcedure, StoredCard, StoredHolder } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import { currentByCard } from '../campaigns/tickets.js';
import { notFound, type OperationFailure } from '../failures.js';
import { visiblePage } from '../visible-page.js';
import type { World } from '../world.js';
import { type VisibleCard, visibleCard, visibleCards } from './visible-card.js';

type CardDetails = VisibleCard & {
  /** null: nothing is open for the card, or for its holder and profession. */
  readonly procedure: OpenProcedure | null;
  /** Updates whose replaced certificates are all shown, newest first, `UPDATES_MAX` at most. */
  readonly updates: readonly CardUpdate[];
  /** The card in the open campaign in which it is to be updated; null: there is none. */
  readonly campaign: CampaignCard | null;
};

const UPDATES_MAX = 20;

export async function readCard(
  { store }: Pick<World, 'store'>,
  account: Account,
  tokenId: string,
): Promise<Result<CardDetails, OperationFailure>> {
  const read = await store.groupedRead(CARDS, { account, tokenId });
  if (!read.ok) return read;
  return read.value === null ? err(notFound('no-card', { card: tokenId })) : ok(read.value);
}

type AskedCard = { readonly account: Account; readonly tokenId: string };

/** Simultaneous requests share one read. */
const CARDS: GroupedWork<Reads, AskedCard, CardDetails | null> = {
  run: async (reads, asked) => {
    const tokenIds = [...new Set(asked.map(({ tokenId }) => tokenId))];
    const cards = new Map((await reads.cardsById(tokenIds)).map((card) => [card.tokenId, card]));
    const records = groupBy(await reads.certificatesOfCards([...cards.keys()]), ({ cardTokenId }) => cardTokenId);
    const found: (VisibleCard | null)[] = [];
    for (const { account, tokenId } of asked) {
      const card = cards.get(tokenId);
      const visible =
        card === undefined ? null : await visibleCard(reads, account, { card, records: records.get(tokenId) ?? [] });
      found.push(visible);
    }
    const details = await detailsOf(reads, [...cards.values()], [...records.values()].flat());
    return found.map((one) => (one === null ? null : details(one)));
  },
};

/** As `readCard`, for a certificate that reads its own card. */
export async function readOwnCard(
  { store }: Pick<World, 'store'>,
  self: SelfPrincipal,
  tokenId: string,
): Promise<Result<CardDetails, OperationFailure>> {
  const permitted = decideSelf(self, 'read-self', { certificateId: null, cardTokenId: tokenId });
  if (!permitted.ok) return err(notFound('no-card', { card: tokenId }));
  const read = await store.read(async (reads) => {
    const [card] = await reads.cardsById([tokenId]);
    if (card === undefined) return null;
    const records = await reads.certificatesOfCards([tokenId]);
    const details = await detailsOf(reads, [card], records);
    return details({ card, certificates: records.filter(isCertificate) });
  });
  if (!read.ok) return read;
  return read.value === null ? err(notFound('no-card', { card: tokenId })) : ok(read.value);
}

/** Reads what is under way for cards. `records`: all certificates and intents of these cards. */
async function detailsOf(
  reads: Pick<Reads, 'proceduresOf' | 'liveUpdatesOf' | 'updatesByIds' | 'openCampaignCards'>,
  cards: readonly StoredCard[],
  records: readonly CertificateRecord[],
): Promise<(visible: VisibleCard) => CardDetails> {
  const procedures = await openProceduresOf(reads, cards);
  // Each update has made records, so one read finds the updates of all these cards.
  const found = await reads.updatesByIds([...new Set(records.flatMap(({ updateId }) => updateId ?? []))]);
  const updates = groupBy(found, ({ cardTokenId }) => cardTokenId);
  const campaigns = currentByCard(await reads.openCampaignCards(cards.map(({ tokenId }) => tokenId)));
  return ({ card, certificates }) => {
    const shownIds = new Set(certificates.map(({ id }) => id));
    const shown = (updates.get(card.tokenId) ?? []).filter(({ oldIds }) => oldIds.every((id) => shownIds.has(id)));
    return {
      card,
      certificates,
      procedure: procedures(card),
      updates: shown.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, UPDATES_MAX),
      campaign: campaigns.get(card.tokenId)?.card ?? null,
    };
  };
}

/**
 * Reads the open procedures of cards and of their holders; the result looks up that of a card. A
 * procedure of the card itself comes before another one of its holder.
 */
export async function openProceduresOf(
  reads: Pick<Reads, 'proceduresOf' | 'liveUpdatesOf'>,
  cards: readonly StoredCard[],
): Promise<(card: StoredCard) => OpenProcedure | null> {
  const holderIds = new Set(cards.flatMap(({ holderId }) => holderId ?? []));
  const open = groupBy(await reads.proceduresOf([...holderIds]), ({ holderId }) => holderId);
  const live = groupBy(await reads.liveUpdatesOf(cards.map(({ tokenId }) => tokenId)), (update) => update.cardTokenId);
  return ({ tokenId, holderId, profession }) => {
    const procedures = open.get(holderId ?? '') ?? [];
    const own = [tokenId, ...(live.get(tokenId) ?? []).map(({ id }) => id)];
    const ofCard = procedures.find(({ reference }) => own.includes(reference));
    return ofCard ?? procedures.find((one) => one.profession === (profession ?? '')) ?? null;
  };
}

type CardFilter = {
  readonly state: CardState | null;
  readonly holderId: string | null;
  /** The number of the last card of the page before; empty: from the beginning. */
  readonly after: string;
  readonly limit: number;
};

/** `next`: null: there are no more. */
type CardPage = { readonly cards: readonly VisibleCard[]; readonly next: string | null };

/**
 * Certificates decide which cards an account sees. A page may have fewer of them than its limit,
 * although there are more (`visiblePage`). The first page of each list is recorded, as searches for
 * certificates are.
 */
export async function listCards(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  account: Account,
  filter: CardFilter,
): Promise<Result<CardPage, OperationFailure>> {
  const permitted = decideAccess(account, 'read', null);
  if (!permitted.ok) return permitted;
  if (filter.after === '') {
    const details = filter.holderId === null ? {} : { holder: filter.holderId };
    const recorded = await store.transaction((tx) =>
      tx.appendAudit([{ at: clock(), type: 'certificate.searched', actor: accountActor(account.id), details }]),
    );
    if (!recorded.ok) return recorded;
  }
  return store.read(async (reads) => {
    const { items: cards, next } = await visiblePage(filter, {
      read: (after, limit) => reads.cardsAfter({ ...filter, after: after ?? '', limit }),
      see: (page) => visibleCards(reads, account, page),
      nameOfRow: ({ tokenId }) => tokenId,
      nameOf: ({ card }) => card.tokenId,
    });
    return { cards, next };
  });
}

type HolderDetails = {
  readonly holderId: string;
  /** null: the state of the holder has never changed, so the holder is free. */
  readonly record: StoredHolder | null;
  readonly cards: readonly VisibleCard[];
  readonly procedures: readonly OpenProcedure[];
};

/** A person has one or two cards at a time, and some more in a life. */
const CARDS_MAX = 200;

/** Certificates decide who sees a holder: those on cards, and others. */
export async function readHolder(
  { store }: Pick<World, 'store'>,
  account: Account,
  holderId: string,
): Promise<Result<HolderDetails, OperationFailure>> {
  const read = await store.read(async (reads): Promise<HolderDetails | null> => {
    const [record] = await reads.holdersById([holderId]);
    const all = await reads.cardsAfter({ state: null, holderId, after: '', limit: CARDS_MAX });
    const cards = await visibleCards(reads, account, all);
    const others = cards.length > 0 ? [] : (await reads.certificatesOfHolder(holderId)).filter(isCertificate);
    const isVisible = cards.length > 0 || others.some((one) => decideAccess(account, 'read', subjectOf(one)).ok);
    return isVisible
      ? { holderId, record: record ?? null, cards, procedures: await reads.proceduresOf([holderId]) }
      : null;
  });
  if (!read.ok) return read;
  if (read.value !== null) return ok(read.value);
  return err(notFound('no-certificate-of-holder', { holder: holderId }));
}
