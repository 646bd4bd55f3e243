/** RSA keys of less than 2048 bits can be broken by well-equipped attackers. */
import type { AnySubject, Rule } from '../../rule.js';

const BITS_MIN = 2_048;

export const e_rsa_modulus_has_2048_bits: Rule<AnySubject> = {
  name: 'e_rsa_modulus_has_2048_bits',
  citation: 'TS 119 312 6.1; ANSSI PG-083; Mozilla Root Store Policy 5.1',
  effective: '2014-01-01',
  check: ({ key }) => {
    const found = key();
    return found.kind === 'rsa' && found.bits < BITS_MIN ? `${found.bits} bits` : null;
  },
};
