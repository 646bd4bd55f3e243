/**
 * The modulus does not have the fingerprint of the faulty library whose primes have a special form.
 */
import { hasRocaFingerprint } from '../../../x509/keys/roca.js';
import { soundModulus } from '../../reading/rsa-modulus.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_rsa_key_is_not_roca: Rule<AnySubject> = {
  name: 'e_rsa_key_is_not_roca',
  citation: 'CVE-2017-15361; CA/Browser Forum Baseline Requirements 6.1.1.3',
  effective: '2017-10-16',
  check: ({ key }) => {
    const modulus = soundModulus(key());
    return modulus !== null && hasRocaFingerprint(modulus) ? 'the fingerprint of CVE-2017-15361' : null;
  },
};
