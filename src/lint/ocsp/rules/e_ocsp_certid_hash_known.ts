/**
 * The hash is SHA-1, which the older lightweight profile requires, SHA-256, which the current one
 * requires, or a longer SHA-2.
 */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_certid_hash_known: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_certid_hash_known',
  citation: 'RFC 6960 4.3; RFC 9919 3.1',
  effective: '2013-06-01',
  check: ({ single: { hash, hashOid } }) => (hash === null ? hashOid : null),
};
