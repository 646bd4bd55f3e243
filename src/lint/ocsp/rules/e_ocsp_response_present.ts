/** There is a response for each certificate in the request, and every request has at least one. */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_response_present: Rule<OcspSubject> = {
  name: 'e_ocsp_response_present',
  citation: 'RFC 6960 4.1.1 and 4.2.1',
  effective: '2013-06-01',
  check: ({ response: { singles } }) => (singles.length > 0 ? null : 'none'),
};
