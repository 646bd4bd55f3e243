/**
 * A serial number of this platform has 16 octets with the top bit clear, so that the INTEGER needs
 * no further octet.
 */
import { LIMITS } from '../../../kernel/limits.js';
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_cps_serial_number_fits_16_octets: Rule<CertificateSubject> = {
  name: 'e_cps_serial_number_fits_16_octets',
  citation: 'profiles of this platform: serial numbers; RFC 5280 4.1.2.2',
  effective: '2026-01-01',
  check: ({ certificate }) => {
    const { length } = certificate.tbs.serialOctets;
    return length <= LIMITS.serialOctets ? null : `${length} octets`;
  },
};
