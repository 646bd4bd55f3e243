import { type OrderRule, violation } from './rule.js';

/** The issuer of the sector's cards, a slash, and ten digits of serial number. */
const TOKEN_ID = /^8025000001\/[0-9]{10}$/;

/**
 * A certificate on a card names the card, and the card is of a product that has such certificates.
 */
export const cardFits: OrderRule = ({ profile, order: { card } }) => {
  const { cardProducts, id } = profile;
  if (cardProducts === null)
    return card === null ? [] : [violation('/card', 'card-unexpected', `a certificate of ${id} is not on a card`)];
  if (card === null) return [violation('/card', 'card-required', `a certificate of ${id} is on a card`)];
  const violations = [];
  if (!cardProducts.includes(card.product))
    violations.push(violation('/card/product', 'card-product', `must be ${cardProducts.join(' or ')}`));
  if (!TOKEN_ID.test(card.tokenId))
    violations.push(
      violation(
        '/card/tokenId',
        'card-token-id',
        'must be 8025000001, a slash and ten digits, e.g. 8025000001/2600301752',
      ),
    );
  return violations;
};
