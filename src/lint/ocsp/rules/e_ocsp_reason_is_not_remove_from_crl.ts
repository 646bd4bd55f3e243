/** "The removeFromCRL (8) reasonCode value may only appear in delta CRLs." */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_reason_is_not_remove_from_crl: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_reason_is_not_remove_from_crl',
  citation: 'RFC 5280 5.3.1',
  effective: '2008-05-01',
  check: ({ single: { reason } }) => (reason === 8 ? 'removeFromCRL' : null),
};
