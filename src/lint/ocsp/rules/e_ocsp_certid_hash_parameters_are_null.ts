/** The parameters of a hash algorithm are absent, or NULL as in older requests. */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_certid_hash_parameters_are_null: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_certid_hash_parameters_are_null',
  citation: 'RFC 5754 2; RFC 3370 2.1',
  effective: '2013-06-01',
  check: ({ single: { hashHasParameters } }) => (hashHasParameters ? 'parameters' : null),
};
