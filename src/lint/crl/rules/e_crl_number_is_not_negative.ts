/** CRLNumber is an INTEGER (0..MAX). */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_number_is_not_negative: Rule<ExtendedCrl> = {
  name: 'e_crl_number_is_not_negative',
  citation: 'RFC 5280 5.2.3',
  effective: '2008-05-01',
  check: ({ extensions: { number } }) => (number !== null && (number[0] as number) >= 0x80 ? 'negative' : null),
};
