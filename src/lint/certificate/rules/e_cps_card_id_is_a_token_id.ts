/** gipCardID is the issuer of the card, a slash, and its serial number of ten digits. */
import type { Rule } from '../../rule.js';

const TOKEN_ID = /^8025000001\/[0-9]{10}$/;

export const e_cps_card_id_is_a_token_id: Rule = {
  name: 'e_cps_card_id_is_a_token_id',
  citation: 'profiles of the sector: cards; 1.2.250.1.71.1.2.3',
  effective: '2026-01-01',
  check: ({ extensions }) => {
    const found = extensions.get('gipCardId');
    return found === null || TOKEN_ID.test(found) ? null : JSON.stringify(found);
  },
};
