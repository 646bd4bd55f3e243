/** With id-ecPublicKey the values keyEncipherment and dataEncipherment MUST NOT be present. */
import type { AnySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

const ENCIPHERMENT: readonly number[] = [KEY_USAGE_BITS.keyEncipherment, KEY_USAGE_BITS.dataEncipherment];

export const e_key_usage_of_ec_key_has_no_encipherment: Rule<AnySubject> = {
  name: 'e_key_usage_of_ec_key_has_no_encipherment',
  citation: 'RFC 8813 3',
  effective: '2020-08-01',
  check: ({ extensions, key }) => {
    if (key().kind !== 'ec') return null;
    const found = extensions.get('keyUsage')?.filter((bit) => ENCIPHERMENT.includes(bit)) ?? [];
    return found.length === 0 ? null : describeBits(found);
  },
};
