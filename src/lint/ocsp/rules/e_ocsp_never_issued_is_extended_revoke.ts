/**
 * A response that reports a certificate as revoked that was never issued has the extended revoked
 * definition.
 */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';
import { isOfNeverIssued } from '../subjects.js';

export const e_ocsp_never_issued_is_extended_revoke: Rule<OcspSubject> = {
  name: 'e_ocsp_never_issued_is_extended_revoke',
  citation: 'RFC 6960 2.2 and 4.4.8',
  effective: '2013-06-01',
  check: ({ response }) => (response.singles.some(isOfNeverIssued) && !response.isExtendedRevoke ? 'absent' : null),
};
