/**
 * "The meaning of the encipherOnly bit is undefined in the absence of the keyAgreement bit"; so is
 * that of decipherOnly.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

export const e_encipher_and_decipher_only_go_with_agreement: Rule<AnySubject> = {
  name: 'e_encipher_and_decipher_only_go_with_agreement',
  citation: 'RFC 5280 4.2.1.3; RFC 5480 3',
  effective: '2008-05-01',
  check: ({ extensions, key }) => {
    const bits = extensions.get('keyUsage');
    // Another rule reports both for RSA keys.
    if (bits === null || bits.includes(KEY_USAGE_BITS.keyAgreement) || key().kind === 'rsa') return null;
    const found = bits.filter((bit) => bit === KEY_USAGE_BITS.encipherOnly || bit === KEY_USAGE_BITS.decipherOnly);
    return found.length === 0 ? null : describeBits(found);
  },
};
