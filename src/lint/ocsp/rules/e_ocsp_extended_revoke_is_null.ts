/** "The value of the extension SHALL be NULL": extendedRevoke has no content. */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';

export const e_ocsp_extended_revoke_is_null: Rule<OcspSubject> = {
  name: 'e_ocsp_extended_revoke_is_null',
  citation: 'RFC 6960 4.4.8',
  effective: '2013-06-01',
  check: ({ response: { extendedRevokeFault } }) => extendedRevokeFault,
};
