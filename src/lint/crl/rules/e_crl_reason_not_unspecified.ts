/**
 * "The reason code CRL entry extension SHOULD be absent instead of using the unspecified (0)
 * reasonCode value."
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_reason_not_unspecified: Rule<CrlEntrySubject> = {
  name: 'e_crl_reason_not_unspecified',
  citation: 'RFC 5280 5.3.1 (zlint e_crl_has_valid_reason_code)',
  effective: '2008-05-01',
  check: ({ entry }) => (entry.reason === 0 ? 'unspecified' : null),
};
