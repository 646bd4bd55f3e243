/**
 * A certificate is listed once, because two entries could disagree. Where the serial numbers do not
 * ascend, only neighbouring entries can be compared.
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_serial_is_listed_once: Rule<CrlEntrySubject> = {
  name: 'e_crl_serial_is_listed_once',
  citation: 'RFC 5280 5.1.2.6',
  effective: '2008-05-01',
  check: ({ entry }) => (entry.order === 'same' ? 'the serial number of the entry before' : null),
};
