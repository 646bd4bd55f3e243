/**
 * Fermat's method finds primes that are close to one another: a hundred of its steps must find
 * none.
 */
import { hasCloseFactors } from '../../../x509/keys/rsa-checks.js';
import { soundModulus } from '../../reading/rsa-modulus.js';
import type { AnySubject, Rule } from '../../rule.js';

const ROUNDS = 100;

export const e_rsa_factors_are_apart: Rule<AnySubject> = {
  name: 'e_rsa_factors_are_apart',
  citation: 'FIPS 186-5 A.1.3; CVE-2022-26320',
  effective: '2022-03-14',
  check: ({ key }) => {
    const modulus = soundModulus(key());
    return modulus !== null && modulus > 1n && hasCloseFactors(modulus, ROUNDS)
      ? 'factored by the method of Fermat'
      : null;
  },
};
