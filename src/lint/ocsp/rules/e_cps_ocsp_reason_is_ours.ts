/**
 * The reasons are those that this platform uses: the compromise of an authority is listed on the
 * CRL of its root.
 */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_reason_is_ours: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_reason_is_ours',
  citation: 'policy: reasons of revocation; RFC 5280 5.3.1',
  effective: '2026-01-01',
  check: ({ single: { reason } }) => (reason === 2 || reason === 10 ? `reason ${reason}` : null),
};
