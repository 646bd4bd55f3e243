/** The purposes are those of the profile, in its order, no more and no fewer. */
import type { Rule } from '../../rule.js';
import { PURPOSES } from '../expected.js';

export const e_cps_extended_key_usage_is_that_of_profile: Rule = {
  name: 'e_cps_extended_key_usage_is_that_of_profile',
  citation: 'policy: extendedKeyUsage of the profile; RFC 5280 4.2.1.12',
  effective: '2026-01-01',
  check: ({ extensions, profile }) => {
    const found = extensions.get('extKeyUsage');
    if (found === null) return null;
    const expected = profile.extendedKeyUsage.map((name) => PURPOSES[name]);
    const same = found.length === expected.length && found.every((purpose, at) => purpose === expected[at]);
    return same ? null : `${found.join(' ')} instead of ${expected.join(' ')}`;
  },
};
