/**
 * "A DistributionPoint MUST NOT consist of only the reasons field; either distributionPoint or
 * cRLIssuer MUST be present."
 */
import type { AnySubject, Rule } from '../../rule.js';

export const e_distribution_points_name_a_list: Rule<AnySubject> = {
  name: 'e_distribution_points_name_a_list',
  citation: 'RFC 5280 4.2.1.13',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    for (const extension of ['crlDistributionPoints', 'freshestCrl'] as const) {
      const points = extensions.get(extension) ?? [];
      if (points.some(({ hasName, hasCrlIssuer }) => !hasName && !hasCrlIssuer))
        return `${extension}: neither distributionPoint nor cRLIssuer`;
    }
    return null;
  },
};
