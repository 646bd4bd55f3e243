/** "The serial number MUST be a positive integer assigned by the CA to each certificate." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_serial_number_is_positive: Rule<AnySubject> = {
  name: 'e_serial_number_is_positive',
  citation: 'RFC 5280 4.1.2.2',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    const { serialOctets } = certificate.tbs;
    if ((serialOctets[0] ?? 0) >= 0x80) return 'negative';
    return serialOctets.every((octet) => octet === 0) ? 'zero' : null;
  },
};
