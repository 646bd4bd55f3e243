/** "Conforming CAs SHOULD NOT use nameRelativeToCRLIssuer to specify distribution point names." */
import type { AnySubject, Rule } from '../../rule.js';

export const w_distribution_points_have_full_names: Rule<AnySubject> = {
  name: 'w_distribution_points_have_full_names',
  citation: 'RFC 5280 4.2.1.13',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    for (const extension of ['crlDistributionPoints', 'freshestCrl'] as const) {
      const points = extensions.get(extension) ?? [];
      if (points.some(({ hasName, fullName }) => hasName && fullName === null)) return `${extension}: a relative name`;
    }
    return null;
  },
};
