/**
 * An answer says that it calls revoked what was never issued only where it does: nobody then reads
 * it into other answers.
 */

import type { Rule } from '../../rule.js';
import type { OcspSubject } from '../subjects.js';
import { isOfNeverIssued } from '../subjects.js';

export const e_cps_ocsp_extended_revoke_has_cause: Rule<OcspSubject> = {
  name: 'e_cps_ocsp_extended_revoke_has_cause',
  citation: "the platform's own; RFC 6960 4.4.8",
  effective: '2026-01-01',
  check: ({ response }) =>
    response.isExtendedRevoke && !response.singles.some(isOfNeverIssued) ? 'without cause' : null,
};
