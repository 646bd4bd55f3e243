/**
 * The public exponent is below 2^256: readers with exponents of fixed size cannot represent a
 * longer one.
 */
import type { AnySubject, Rule } from '../../rule.js';

const OCTETS_MAX = 32;

export const e_rsa_exponent_within_256_bits: Rule<AnySubject> = {
  name: 'e_rsa_exponent_within_256_bits',
  citation: 'FIPS 186-5 A.1.1; CA/Browser Forum Baseline Requirements 6.1.6',
  effective: '2014-01-01',
  check: ({ key }) => {
    const found = key();
    if (found.kind !== 'rsa') return null;
    const octets = found.exponent.length - (found.exponent[0] === 0 ? 1 : 0);
    return octets > OCTETS_MAX ? `${octets} octets` : null;
  },
};
