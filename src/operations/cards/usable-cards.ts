/**
 * What the states of cards and holders mean for a request for certificates. The decision uses what
 * the reserving transaction has read, so that nothing is issued for a card that was opposed after
 * the request was checked.
 */
import { isObject, type Json } from '../../kernel/json.js';
import { type CardEvent, decideCard, decideHolder } from '../../lifecycle/card-states.js';
import type { Environment } from '../../policy/model.js';
import type { CardFacts, IssuanceStates, OpenProcedure } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { OperationFailure } from '../failures.js';

type NewCertificates = {
  readonly records: readonly CertificateRecord[];
  readonly environment: Pick<Environment, 'refusesOpposed'>;
};

/** null: certificates may be issued for these cards and holders. */
export function endedCardOrBarredHolder(
  { cards, barred }: IssuanceStates,
  { records, environment: { refusesOpposed } }: NewCertificates,
): OperationFailure | null {
  const event: CardEvent = refusesOpposed ? 'use' : 'use-again';
  for (const { cardTokenId, holderId } of records) {
    const holder = decideHolder(refusesOpposed && barred.has(holderId) ? 'barred' : 'free', 'use', holderId);
    if (!holder.ok) return holder.error;
    const known = cardTokenId === null ? undefined : cards.get(cardTokenId);
    const card = known === undefined ? null : decideCard(known.state, event, known.tokenId);
    if (card !== null && !card.ok) return card.error;
  }
  return null;
}

/** What `issuanceStates` is asked for. */
export function cardsAndHoldersOf(records: readonly CertificateRecord[]): {
  readonly tokenIds: readonly string[];
  readonly holderIds: readonly string[];
} {
  return {
    tokenIds: [...new Set(records.flatMap(({ cardTokenId }) => cardTokenId ?? []))],
    holderIds: [...new Set(records.map(({ holderId }) => holderId))],
  };
}

/**
 * The cards of new certificates that have no record yet, or whose record differs. An update leaves
 * the record as it is: it copies what the certificates say that it replaces, which may be older.
 */
export function cardsToPut({ cards }: IssuanceStates, records: readonly CertificateRecord[]): readonly CardFacts[] {
  return records.flatMap((record) => {
    const facts = cardFactsOf(record);
    if (facts === null) return [];
    const known = cards.get(facts.tokenId);
    if (known?.state !== 'in-use') return [facts];
    return record.updateId !== null || isSame(known, facts) ? [] : [facts];
  });
}

function isSame(one: CardFacts, other: CardFacts): boolean {
  return one.holderId === other.holderId && one.product === other.product && one.profession === other.profession;
}

/**
 * What an update and a replacement of a card have open for its holder. Both take it from the record
 * of the card, because its certificates may differ.
 */
export function procedureOf({
  holderId,
  profession,
}: Pick<CardFacts, 'profession'> & { readonly holderId: string }): Pick<OpenProcedure, 'holderId' | 'profession'> {
  return { holderId, profession: profession ?? '' };
}

/** null: the certificate is on no card. */
export function cardFactsOf({ cardTokenId, card, holder, holderId }: CertificateRecord): CardFacts | null {
  if (cardTokenId === null) return null;
  return { tokenId: cardTokenId, product: textOf(card, 'product'), holderId, profession: textOf(holder, 'profession') };
}

function textOf(value: Json, member: string): string | null {
  const found = isObject(value) ? value[member] : undefined;
  return typeof found === 'string' ? found : null;
}
