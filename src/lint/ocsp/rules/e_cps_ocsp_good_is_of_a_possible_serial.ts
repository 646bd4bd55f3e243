/**
 * A serial number that no certificate can have is never good: serial numbers are positive and have
 * at most 20 octets.
 */
import { LIMITS } from '../../../kernel/limits.js';
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_good_is_of_a_possible_serial: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_good_is_of_a_possible_serial',
  citation: 'policy: never good for what was not issued; RFC 5280 4.1.2.2',
  effective: '2026-01-01',
  check: ({ single: { status, serial } }) => {
    if (status !== 'good') return null;
    const magnitude = serial[0] === 0 ? serial.length - 1 : serial.length;
    const isPossible = (serial[0] as number) < 0x80 && magnitude > 0 && magnitude <= LIMITS.serialOctetsMax;
    return isPossible ? null : 'good';
  },
};
