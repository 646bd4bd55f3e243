/** Time and reason of a revocation are both present; unspecified is a reason too. */

import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_reason_is_present: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_reason_is_present',
  citation: "the platform's own; RFC 6960 4.2.1",
  effective: '2026-01-01',
  check: ({ single: { status, reason } }) => (status === 'revoked' && reason === null ? 'absent' : null),
};
