/**
 * A key that only encrypts in a key agreement cannot also only decrypt: at most one of encipherOnly
 * and decipherOnly is set.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS } from '../expected.js';

export const e_encipher_and_decipher_only_exclude_each_other: Rule<AnySubject> = {
  name: 'e_encipher_and_decipher_only_exclude_each_other',
  citation: 'RFC 5480 3; RFC 5280 4.2.1.3',
  effective: '2009-03-01',
  check: ({ extensions, key }) => {
    const bits = extensions.get('keyUsage');
    // Another rule reports both for RSA keys.
    if (bits === null || key().kind === 'rsa' || !bits.includes(KEY_USAGE_BITS.keyAgreement)) return null;
    return bits.includes(KEY_USAGE_BITS.encipherOnly) && bits.includes(KEY_USAGE_BITS.decipherOnly) ? 'both' : null;
  },
};
