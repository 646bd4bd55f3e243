/** "The reasonCode is a non-critical CRL entry extension." */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_reason_is_not_critical: Rule<CrlEntrySubject> = {
  name: 'e_crl_reason_is_not_critical',
  citation: 'RFC 5280 5.3.1 (zlint e_cab_crl_reason_code_not_critical)',
  effective: '2008-05-01',
  check: ({ entry }) => (entry.reasonIsCritical ? 'critical' : null),
};
