/**
 * With id-Ed25519 keyEncipherment, dataEncipherment and keyAgreement MUST NOT be present: the key
 * only signs.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

const NOT_SIGNING: readonly number[] = [
  KEY_USAGE_BITS.keyEncipherment,
  KEY_USAGE_BITS.dataEncipherment,
  KEY_USAGE_BITS.keyAgreement,
];

export const e_key_usage_of_ed25519_key_signs_alone: Rule<AnySubject> = {
  name: 'e_key_usage_of_ed25519_key_signs_alone',
  citation: 'RFC 8410 5; RFC 9295 3',
  effective: '2022-09-01',
  check: ({ extensions, key }) => {
    if (key().kind !== 'ed25519') return null;
    const found = extensions.get('keyUsage')?.filter((bit) => NOT_SIGNING.includes(bit)) ?? [];
    return found.length === 0 ? null : describeBits(found);
  },
};
