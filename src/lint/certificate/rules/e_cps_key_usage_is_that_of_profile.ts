/**
 * The bits are those of the profile, no more and no fewer; keyEncipherment is for RSA keys alone,
 * and keyAgreement for EC keys alone.
 */
import type { Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

export const e_cps_key_usage_is_that_of_profile: Rule = {
  name: 'e_cps_key_usage_is_that_of_profile',
  citation: 'policy: keyUsage of the profile; RFC 5280 4.2.1.3; RFC 3279 2.3.1; RFC 8813 3; RFC 9295 3',
  effective: '2026-01-01',
  check: ({ extensions, profile, key }) => {
    const found = extensions.get('keyUsage');
    if (found === null) return null;
    const { kind } = key();
    const expected = profile.keyUsage
      .filter((name) => name !== 'keyEncipherment' || (kind !== 'ec' && kind !== 'ed25519'))
      .filter((name) => name !== 'keyAgreement' || kind === 'ec')
      .map((name) => KEY_USAGE_BITS[name])
      .sort((a, b) => a - b);
    const same = found.length === expected.length && found.every((bit, at) => bit === expected[at]);
    return same ? null : `${describeBits(found)} instead of ${describeBits(expected)}`;
  },
};
