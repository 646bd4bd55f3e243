import { alternatives, violation } from '../../texts/text.js';
import type { OrderRule } from './rule.js';

/** The issuer of the sector's cards, a slash, and ten digits of serial number. */
const TOKEN_ID = /^8025000001\/[0-9]{10}$/;

export function isCardTokenId(text: string): boolean {
  return TOKEN_ID.test(text);
}

/**
 * A certificate on a card names the card, and the card is of a product that has such certificates.
 */
export const cardFits: OrderRule = ({ profile: { id: profile, cardProducts }, order: { card } }) => {
  if (cardProducts === null) return card === null ? [] : [violation('/card', 'card-unexpected', { profile })];
  if (card === null) return [violation('/card', 'card-required', { profile })];
  const violations = [];
  if (!cardProducts.includes(card.product))
    violations.push(violation('/card/product', 'card-product', { products: alternatives(cardProducts) }));
  if (!isCardTokenId(card.tokenId)) violations.push(violation('/card/tokenId', 'card-token-id'));
  return violations;
};
