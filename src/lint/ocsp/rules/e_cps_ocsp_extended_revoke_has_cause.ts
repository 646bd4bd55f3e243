/**
 * A response has extendedRevoke only when it reports a certificate as revoked that was never
 * issued, so that readers do not apply it to other responses.
 */
import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';
import { isOfNeverIssued } from '../subjects.js';

export const e_cps_ocsp_extended_revoke_has_cause: Rule<OcspSubject> = {
  name: 'e_cps_ocsp_extended_revoke_has_cause',
  citation: "the platform's own; RFC 6960 4.4.8",
  effective: '2026-01-01',
  check: ({ response }) =>
    response.isExtendedRevoke && !response.singles.some(isOfNeverIssued)
      ? 'no certificate in it was never issued'
      : null,
};
