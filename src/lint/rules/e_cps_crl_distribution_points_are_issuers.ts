/** Where the issuer's full list is: on the web, then in the directory where the environment has one. Nothing else. */
import { expectedCrlAddresses, pointsFault } from '../expected.js';
import type { Rule } from '../rule.js';

export const e_cps_crl_distribution_points_are_issuers: Rule = {
  name: 'e_cps_crl_distribution_points_are_issuers',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.1.13',
  effective: '2026-01-01',
  check: ({ extensions, environment, issuer }) => {
    const points = extensions.get('crlDistributionPoints');
    return points === null ? null : pointsFault(points, expectedCrlAddresses(environment, issuer));
  },
};
