/**
 * "It MUST include at least one DistributionPoint that points to a CRL that covers the certificate
 * for all reasons."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_distribution_points_cover_all_reasons: Rule<AnySubject> = {
  name: 'e_distribution_points_cover_all_reasons',
  citation: 'RFC 5280 4.2.1.13',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const points = extensions.get('crlDistributionPoints');
    return points === null || points.some(({ hasReasons }) => !hasReasons) ? null : 'only CRLs for some reasons';
  },
};
