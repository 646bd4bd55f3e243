/**
 * A CRL of this platform is neither indirect nor for some reasons only: it covers certificates of
 * its own issuer completely.
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
