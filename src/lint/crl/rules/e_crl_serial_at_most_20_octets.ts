/**
 * "Conforming CAs MUST NOT use serialNumber values longer than 20 octets": no certificate has a
 * longer one.
 */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_serial_at_most_20_octets: Rule<CrlEntrySubject> = {
  name: 'e_crl_serial_at_most_20_octets',
  citation: 'RFC 5280 5.1.2.6 and 4.1.2.2',
  effective: '2008-05-01',
  check: ({ entry: { bytes, serialAt, serialLength } }) => {
    const magnitude = bytes[serialAt] === 0 ? serialLength - 1 : serialLength;
    return magnitude > 20 ? `${magnitude} octets` : null;
  },
};
