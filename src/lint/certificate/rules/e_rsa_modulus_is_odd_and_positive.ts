/** The modulus is a product of odd primes, so it is odd and positive. */
import type { AnySubject, Rule } from '../../rule.js';

export const e_rsa_modulus_is_odd_and_positive: Rule<AnySubject> = {
  name: 'e_rsa_modulus_is_odd_and_positive',
  citation: 'RFC 8017 3.1',
  effective: '2008-05-01',
  check: ({ key }) => {
    const found = key();
    if (found.kind !== 'rsa') return null;
    const { modulus } = found;
    if ((modulus[0] ?? 0) >= 0x80) return 'negative';
    return ((modulus[modulus.length - 1] ?? 0) & 1) === 1 ? null : 'even';
  },
};
