/** A nonce is an OCTET STRING of 1 to 128 octets. */

import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_nonce_1_to_128_octets: Rule<OcspSubject> = {
  name: 'e_ocsp_nonce_1_to_128_octets',
  citation: 'RFC 9654 2.1',
  effective: '2024-08-01',
  check: ({ response: { nonce } }) => {
    if (nonce === null) return null;
    if (!nonce.ok) return nonce.error.rule;
    return nonce.value >= 1 && nonce.value <= 128 ? null : `${nonce.value} octets`;
  },
};
