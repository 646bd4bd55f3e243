/**
 * What agrees on keys to encipher only does not decipher only: one of encipherOnly and decipherOnly
 * at most.
 */

import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS } from '../expected.js';

export const e_encipher_and_decipher_only_exclude_each_other: Rule<AnySubject> = {
  name: 'e_encipher_and_decipher_only_exclude_each_other',
  citation: 'RFC 5480 3; RFC 5280 4.2.1.3',
  effective: '2009-03-01',
  check: ({ extensions, key }) => {
    const bits = extensions.get('keyUsage');
    // Of RSA keys another rule says that they have neither.
    if (bits === null || key().kind === 'rsa' || !bits.includes(KEY_USAGE_BITS.keyAgreement)) return null;
    return bits.includes(KEY_USAGE_BITS.encipherOnly) && bits.includes(KEY_USAGE_BITS.decipherOnly) ? 'both' : null;
  },
};
