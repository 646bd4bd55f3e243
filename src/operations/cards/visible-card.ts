/** Cards and the certificates on them, as far as an account may see them. */
import { decideAccess } from '../../access/decide.js';
import { subjectOf } from '../../access/scope.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Account } from '../../ports/store/accounts.js';
import type { StoredCard } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';
import { text } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import { isCertificate } from '../revocation/revoke.js';

export type VisibleCard = {
  readonly card: StoredCard;
  /** As far as the account may see them, of the whole life of the card, the oldest first. */
  readonly certificates: readonly CertificateRecord[];
};

/** In the order of the cards. Cards of which the account may see nothing are left out. */
export async function visibleCards(
  reads: Pick<Reads, 'certificatesOfCards'>,
  account: Account,
  cards: readonly StoredCard[],
): Promise<readonly VisibleCard[]> {
  const records = groupBy(
    await reads.certificatesOfCards(cards.map(({ tokenId }) => tokenId)),
    ({ cardTokenId }) => cardTokenId,
  );
  return cards.flatMap((card) => visibleCard(account, card, records.get(card.tokenId) ?? []) ?? []);
}

/** null: the account may see nothing of the card. `records`: all that the card has. */
export function visibleCard(
  account: Account,
  card: StoredCard,
  records: readonly CertificateRecord[],
): VisibleCard | null {
  const onCard = records.filter(isCertificate);
  const certificates = onCard.filter((record) => decideAccess(account, 'read', subjectOf(record)).ok);
  const isVisible = onCard.length === 0 ? seesHolderOf(account, card) : certificates.length > 0;
  return isVisible ? { card, certificates } : null;
}

/** A card without certificates has a holder at most, whom the account must cover. */
function seesHolderOf(account: Account, { holderId }: StoredCard): boolean {
  const subject = { profile: null, structureId: null, domains: [], holderId: holderId ?? '' };
  return decideAccess(account, 'read', subject).ok;
}

export async function findCard(
  reads: Pick<Reads, 'certificatesOfCards' | 'cardsById'>,
  account: Account,
  tokenId: string,
): Promise<VisibleCard | null> {
  const [found] = await visibleCards(reads, account, await reads.cardsById([tokenId]));
  return found ?? null;
}

export function noSuchCard(tokenId: string): OperationFailure {
  return { kind: 'not-found', message: text('no-card', { card: tokenId }) };
}
