/** Cards and the certificates on them, as far as an account may see them. */
import { decideAccess, isUnlimited, subjectOf } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import { groupBy } from '../../kernel/group-by.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { StoredCard } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';

export type VisibleCard = {
  readonly card: StoredCard;
  /** As far as the account may see them, of the whole life of the card, the oldest first. */
  readonly certificates: readonly CertificateRecord[];
};

type BlankCardReads = Pick<Reads, 'certificatesOfHolder'>;
type VisibleCardReads = Pick<Reads, 'certificatesOfCards'> & BlankCardReads;

/** In the order of the cards. Cards of which the account may see nothing are left out. */
export async function visibleCards(
  reads: VisibleCardReads,
  account: Account,
  cards: readonly StoredCard[],
): Promise<readonly VisibleCard[]> {
  const records = groupBy(
    await reads.certificatesOfCards(cards.map(({ tokenId }) => tokenId)),
    ({ cardTokenId }) => cardTokenId,
  );
  const visible: VisibleCard[] = [];
  for (const card of cards) {
    const one = await visibleCard(reads, account, { card, records: records.get(card.tokenId) ?? [] });
    if (one !== null) visible.push(one);
  }
  return visible;
}

/** null: the account may see nothing of the card. `records`: all that the card has. */
export async function visibleCard(
  reads: BlankCardReads,
  account: Account,
  { card, records }: { readonly card: StoredCard; readonly records: readonly CertificateRecord[] },
): Promise<VisibleCard | null> {
  const onCard = records.filter(isCertificate);
  const certificates = onCard.filter((record) => decideAccess(account, 'read', subjectOf(record)).ok);
  const isVisible =
    onCard.length === 0 ? await coversBlankCard(reads, card, { account, action: 'read' }) : certificates.length > 0;
  return isVisible ? { card, certificates } : null;
}

/**
 * Whether an account may do this with a card that has no certificate. Such a card has a holder at
 * most, and neither a profile nor a structure. An account that is limited to some of these must
 * therefore be permitted the same with a certificate of the holder.
 */
export async function coversBlankCard(
  reads: BlankCardReads,
  { holderId }: Pick<StoredCard, 'holderId'>,
  { account, action }: { readonly account: Account; readonly action: Action },
): Promise<boolean> {
  const subject = { profile: null, structureId: null, domains: [], holderId: holderId ?? '' };
  if (!decideAccess(account, action, subject).ok) return false;
  if (holderId === null || isUnlimited({ ...account.scope, holders: ['*'] })) return true;
  const ofHolder = (await reads.certificatesOfHolder(holderId)).filter(isCertificate);
  return ofHolder.some((record) => decideAccess(account, action, subjectOf(record)).ok);
}

export async function findCard(
  reads: VisibleCardReads & Pick<Reads, 'cardsById'>,
  account: Account,
  tokenId: string,
): Promise<VisibleCard | null> {
  const [found] = await visibleCards(reads, account, await reads.cardsById([tokenId]));
  return found ?? null;
}
