/** "Conforming CAs MUST NOT use serialNumber values longer than 20 octets." */
import { LIMITS } from '../../../kernel/limits.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_serial_number_at_most_20_octets: Rule<AnySubject> = {
  name: 'e_serial_number_at_most_20_octets',
  citation: 'RFC 5280 4.1.2.2',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    const { length } = certificate.tbs.serialOctets;
    return length <= LIMITS.serialOctetsMax ? null : `${length} octets`;
  },
};
