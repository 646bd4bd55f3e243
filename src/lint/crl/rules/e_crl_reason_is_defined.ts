/** CRLReason has the values 0 to 6 and 8 to 10. */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_reason_is_defined: Rule<CrlEntrySubject> = {
  name: 'e_crl_reason_is_defined',
  citation: 'RFC 5280 5.3.1 (zlint e_crl_has_valid_reason_code)',
  effective: '2008-05-01',
  check: ({ entry: { reason } }) => (reason === null || (reason <= 10 && reason !== 7) ? null : `reason ${reason}`),
};
