/** "The invalidity date is a non-critical CRL entry extension." */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_invalidity_date_is_not_critical: Rule<CrlEntrySubject> = {
  name: 'e_crl_invalidity_date_is_not_critical',
  citation: 'RFC 5280 5.3.2',
  effective: '2008-05-01',
  check: ({ entry }) => (entry.invalidityDateIsCritical ? 'critical' : null),
};
