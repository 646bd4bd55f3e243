/** Serial numbers of certificates are positive, so no other number can be revoked. */
import type { Rule } from '../../rule.js';
import type { CrlEntrySubject } from '../subjects.js';

export const e_crl_serial_is_positive: Rule<CrlEntrySubject> = {
  name: 'e_crl_serial_is_positive',
  citation: 'RFC 5280 5.1.2.6 and 4.1.2.2',
  effective: '2008-05-01',
  check: ({ entry: { bytes, serialAt, serialLength } }) => {
    const first = bytes[serialAt] as number;
    if (first >= 0x80) return 'negative';
    return first === 0 && serialLength === 1 ? 'zero' : null;
  },
};
