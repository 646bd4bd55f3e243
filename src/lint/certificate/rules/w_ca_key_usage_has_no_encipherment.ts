/**
 * With the RSA key of an authority that signs certificates or lists, keyEncipherment and
 * dataEncipherment SHOULD NOT be present.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

const SIGNING: readonly number[] = [KEY_USAGE_BITS.keyCertSign, KEY_USAGE_BITS.cRLSign];
const ENCIPHERMENT: readonly number[] = [KEY_USAGE_BITS.keyEncipherment, KEY_USAGE_BITS.dataEncipherment];

export const w_ca_key_usage_has_no_encipherment: Rule<AnySubject> = {
  name: 'w_ca_key_usage_has_no_encipherment',
  citation: 'RFC 3279 2.3.1',
  effective: '2002-04-01',
  check: ({ extensions, key }) => {
    const bits = extensions.get('keyUsage');
    if (bits === null || key().kind !== 'rsa' || !bits.some((bit) => SIGNING.includes(bit))) return null;
    const found = bits.filter((bit) => ENCIPHERMENT.includes(bit));
    return found.length === 0 ? null : describeBits(found);
  },
};
