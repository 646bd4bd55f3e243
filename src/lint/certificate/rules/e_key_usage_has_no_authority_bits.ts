/**
 * "If the cA boolean is not asserted, then the keyCertSign bit MUST NOT be asserted"; no end entity
 * signs CRLs either.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

const AUTHORITY_BITS: readonly number[] = [KEY_USAGE_BITS.keyCertSign, KEY_USAGE_BITS.cRLSign];

export const e_key_usage_has_no_authority_bits: Rule<AnySubject> = {
  name: 'e_key_usage_has_no_authority_bits',
  citation: 'RFC 5280 4.2.1.3 and 4.2.1.9',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const found = extensions.get('keyUsage')?.filter((bit) => AUTHORITY_BITS.includes(bit)) ?? [];
    return found.length === 0 ? null : describeBits(found);
  },
};
