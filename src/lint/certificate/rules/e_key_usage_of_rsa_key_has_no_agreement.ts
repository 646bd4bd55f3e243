/**
 * For an RSA key keyAgreement, encipherOnly and decipherOnly are not among the values that may be
 * present, because it cannot be used for key agreement.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

const AGREEMENT: readonly number[] = [
  KEY_USAGE_BITS.keyAgreement,
  KEY_USAGE_BITS.encipherOnly,
  KEY_USAGE_BITS.decipherOnly,
];

export const e_key_usage_of_rsa_key_has_no_agreement: Rule<AnySubject> = {
  name: 'e_key_usage_of_rsa_key_has_no_agreement',
  citation: 'RFC 3279 2.3.1',
  effective: '2002-04-01',
  check: ({ extensions, key }) => {
    if (key().kind !== 'rsa') return null;
    const found = extensions.get('keyUsage')?.filter((bit) => AGREEMENT.includes(bit)) ?? [];
    return found.length === 0 ? null : describeBits(found);
  },
};
