/**
 * A nonce has 1 to 128 octets. It is an OCTET STRING, or the octets themselves where a client has
 * left out its tag and length, because a response repeats the nonce as it came.
 */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_nonce_1_to_128_octets: Rule<OcspSubject> = {
  name: 'e_ocsp_nonce_1_to_128_octets',
  citation: 'RFC 9654 2.1; ops/decisions/0030',
  effective: '2024-08-01',
  check: ({ response: { nonceOctets } }) =>
    nonceOctets === null || (nonceOctets >= 1 && nonceOctets <= 128) ? null : `${nonceOctets} octets`,
};
