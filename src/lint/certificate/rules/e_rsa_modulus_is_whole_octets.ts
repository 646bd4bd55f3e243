/**
 * The length of the modulus in bits is divisible by 8: any other length comes from an unusual
 * generator.
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_rsa_modulus_is_whole_octets: Rule<AnySubject> = {
  name: 'e_rsa_modulus_is_whole_octets',
  citation: 'Mozilla Root Store Policy 5.1; CA/Browser Forum Baseline Requirements 6.1.5',
  effective: '2017-02-28',
  check: ({ key }) => {
    const found = key();
    return found.kind === 'rsa' && found.bits % 8 !== 0 ? `${found.bits} bits` : null;
  },
};
