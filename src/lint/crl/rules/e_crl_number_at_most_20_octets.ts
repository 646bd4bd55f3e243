/** "Conforming CRL issuers MUST NOT use CRLNumber values longer than 20 octets." */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_number_at_most_20_octets: Rule<ExtendedCrl> = {
  name: 'e_crl_number_at_most_20_octets',
  citation: 'RFC 5280 5.2.3',
  effective: '2008-05-01',
  check: ({ extensions: { number } }) => (number !== null && number.length > 20 ? `${number.length} octets` : null),
};
