/**
 * Our CRLs cover all reasons and are signed by the issuer of the certificate: neither reasons nor
 * cRLIssuer is present.
 */
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_cps_distribution_points_are_whole_and_direct: Rule<CertificateSubject> = {
  name: 'e_cps_distribution_points_are_whole_and_direct',
  citation: 'profiles of the sector; RFC 5280 4.2.1.13; CA/Browser Forum Baseline Requirements 7.1.2.11.2',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    for (const name of ['crlDistributionPoints', 'freshestCrl'] as const) {
      const points = extensions.get(name) ?? [];
      if (points.some(({ hasReasons }) => hasReasons)) return `${name}: reasons`;
      if (points.some(({ hasCrlIssuer }) => hasCrlIssuer)) return `${name}: cRLIssuer`;
    }
    return null;
  },
};
