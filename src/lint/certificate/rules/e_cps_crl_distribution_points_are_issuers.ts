/**
 * The addresses are those of the issuer's full CRL: by HTTP, then in the directory where the
 * environment has one. There is no other.
 */
import type { Rule } from '../../rule.js';
import { expectedCrlAddresses, expectedPartitions, pointsFaultOfAny } from '../expected.js';

export const e_cps_crl_distribution_points_are_issuers: Rule = {
  name: 'e_cps_crl_distribution_points_are_issuers',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.1.13',
  effective: '2026-01-01',
  check: (view) => {
    const { extensions, environment, issuer } = view;
    const points = extensions.get('crlDistributionPoints');
    if (points === null) return null;
    const allowed = expectedPartitions(view).map((partition) => expectedCrlAddresses(environment, issuer, partition));
    return pointsFaultOfAny(points, allowed);
  },
};
