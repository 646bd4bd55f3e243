/**
 * Serial numbers contain at least 64 bits from a cryptographic random source. A number shorter than
 * 64 bits cannot; whether a longer one is random cannot be seen in one certificate.
 */
import type { AnySubject, Rule } from '../../rule.js';

const OCTETS_MIN = 8;

export const e_serial_number_has_64_bits: Rule<AnySubject> = {
  name: 'e_serial_number_has_64_bits',
  citation: 'CA/Browser Forum Baseline Requirements 7.1',
  effective: '2016-09-30',
  check: ({ certificate }) => {
    const octets = certificate.tbs.serial.length / 2;
    // Another rule reports zero.
    if (certificate.tbs.serial === '00') return null;
    return octets >= OCTETS_MIN ? null : `a number of ${octets} octets`;
  },
};
