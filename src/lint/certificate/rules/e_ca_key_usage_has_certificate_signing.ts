/** A CA signs certificates: keyCertSign is set. */
import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS } from '../expected.js';

export const e_ca_key_usage_has_certificate_signing: Rule<AnySubject> = {
  name: 'e_ca_key_usage_has_certificate_signing',
  citation: 'RFC 5280 4.2.1.3 and 4.2.1.9; CA/Browser Forum Baseline Requirements 7.1.2',
  effective: '2012-07-01',
  check: ({ extensions }) => {
    // When there is a path length, another rule reports it.
    if ((extensions.get('basicConstraints')?.pathLength ?? null) !== null) return null;
    return extensions.get('keyUsage')?.includes(KEY_USAGE_BITS.keyCertSign) === false ? 'no keyCertSign' : null;
  },
};
