/**
 * No indirect lists and none for some reasons: each list of this platform tells all about
 * certificates of its own issuer.
 */

import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_cps_crl_is_direct_and_for_every_reason: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_is_direct_and_for_every_reason',
  citation: "the platform's own; RFC 5280 5.2.5",
  effective: '2026-01-01',
  check: ({ extensions: { issuingPoint } }) => {
    if (issuingPoint?.isIndirect) return 'indirect';
    return issuingPoint?.hasReasons ? 'for some reasons' : null;
  },
};
