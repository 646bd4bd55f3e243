/** "The issuer field MUST contain a non-empty distinguished name (DN)." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_issuer_is_not_empty: Rule<AnySubject> = {
  name: 'e_issuer_is_not_empty',
  citation: 'RFC 5280 4.1.2.4',
  effective: '2008-05-01',
  check: ({ certificate }) => (certificate.tbs.issuer.length > 0 ? null : 'an empty sequence'),
};
