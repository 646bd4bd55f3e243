/** "The extension SHOULD be non-critical." */
import type { AnySubject, Rule } from '../../rule.js';

export const w_crl_distribution_points_are_not_critical: Rule<AnySubject> = {
  name: 'w_crl_distribution_points_are_not_critical',
  citation: 'RFC 5280 4.2.1.13; EN 319 412-2 4.3.11',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    extensions.isCritical('crlDistributionPoints') ? 'crlDistributionPoints is critical' : null,
};
