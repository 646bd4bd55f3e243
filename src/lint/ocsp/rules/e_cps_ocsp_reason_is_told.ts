/** Time and reason of a revocation are both always told; unspecified is a reason. */

import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_reason_is_told: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_reason_is_told',
  citation: "the platform's own; RFC 6960 4.2.1",
  effective: '2026-01-01',
  check: ({ single: { status, reason } }) => (status === 'revoked' && reason === null ? 'absent' : null),
};
