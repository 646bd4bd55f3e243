/** The modulus is a product of large primes: it has no factor below 752. */
import { smallFactor } from '../../../x509/keys/rsa-checks.js';
import { soundModulus } from '../../reading/rsa-modulus.js';
import type { AnySubject, Rule } from '../../rule.js';

const FACTOR_MIN = 752;

export const e_rsa_modulus_has_no_small_factor: Rule<AnySubject> = {
  name: 'e_rsa_modulus_has_no_small_factor',
  citation: 'NIST SP 800-89 5.3.3; CA/Browser Forum Baseline Requirements 6.1.6',
  effective: '2012-07-01',
  check: ({ key }) => {
    const modulus = soundModulus(key());
    const factor = modulus === null ? null : smallFactor(modulus, FACTOR_MIN);
    return factor === null ? null : `divisible by ${factor}`;
  },
};
