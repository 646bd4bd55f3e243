/** "The issuer field MUST contain a non-empty X.500 distinguished name (DN)." */
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_issuer_is_not_empty: Rule<CrlHeaderSubject> = {
  name: 'e_crl_issuer_is_not_empty',
  citation: 'RFC 5280 5.1.2.3',
  effective: '2008-05-01',
  check: ({ issuerDer }) => (issuerDer.length > 2 ? null : 'no name'),
};
