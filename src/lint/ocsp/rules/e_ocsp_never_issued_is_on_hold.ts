/**
 * A certificate that was never issued and is reported as revoked has been on hold since
 * 1970-01-01T00:00:00Z.
 */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_ocsp_never_issued_is_on_hold: Rule<OcspSingleSubject> = {
  name: 'e_ocsp_never_issued_is_on_hold',
  citation: 'RFC 6960 2.2',
  effective: '2013-06-01',
  check: ({ single: { revokedAt, reason } }) =>
    revokedAt === 0 && reason !== 6 ? `reason ${reason ?? 'absent'}` : null,
};
