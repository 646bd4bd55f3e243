/**
 * "CAs MUST NOT include the pathLenConstraint field unless the cA boolean is asserted and the key
 * usage extension asserts the keyCertSign bit."
 */
import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS } from '../expected.js';

export const e_ca_path_length_goes_with_certificate_signing: Rule<AnySubject> = {
  name: 'e_ca_path_length_goes_with_certificate_signing',
  citation: 'RFC 5280 4.2.1.9',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    if ((extensions.get('basicConstraints')?.pathLength ?? null) === null) return null;
    // Another rule reports that key usage is absent.
    return extensions.get('keyUsage')?.includes(KEY_USAGE_BITS.keyCertSign) === false
      ? 'pathLenConstraint without keyCertSign'
      : null;
  },
};
