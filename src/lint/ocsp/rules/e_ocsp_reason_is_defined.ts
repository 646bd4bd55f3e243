/** CRLReason has the values 0 to 6 and 8 to 10. */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_reason_is_defined: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_reason_is_defined',
  citation: 'RFC 6960 4.2.1; RFC 5280 5.3.1',
  effective: '2013-06-01',
  check: ({ single: { reason } }) => (reason === null || (reason <= 10 && reason !== 7) ? null : `reason ${reason}`),
};
