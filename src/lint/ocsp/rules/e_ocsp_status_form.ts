/** CertStatus is good, revoked or unknown; good and unknown have no further content. */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_status_form: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_status_form',
  citation: 'RFC 6960 4.2.1',
  effective: '2013-06-01',
  check: ({ single: { statusFault } }) => statusFault,
};
