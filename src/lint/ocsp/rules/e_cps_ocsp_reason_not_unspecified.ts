/**
 * A response has the reason that the CRL has: the reason of a certificate that was revoked without
 * one is absent, and never unspecified (0).
 */
import type { Rule } from '../../rule.js';
import type { OcspSingleSubject } from '../subjects.js';

export const e_cps_ocsp_reason_not_unspecified: Rule<OcspSingleSubject> = {
  name: 'e_cps_ocsp_reason_not_unspecified',
  citation: "the platform's own; RFC 5280 5.3.1",
  effective: '2026-01-01',
  check: ({ single: { reason } }) => (reason === 0 ? 'unspecified' : null),
};
