/** The addresses are those of the issuer's delta CRL. */
import type { Rule } from '../../rule.js';
import { expectedDeltaAddresses, expectedPartitions, pointsFaultOfAny } from '../expected.js';

export const e_cps_freshest_crl_is_issuers: Rule = {
  name: 'e_cps_freshest_crl_is_issuers',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.1.15',
  effective: '2026-01-01',
  check: (view) => {
    const { extensions, environment, issuer } = view;
    const points = extensions.get('freshestCrl');
    if (points === null) return null;
    const allowed = expectedPartitions(view).map((partition) => expectedDeltaAddresses(environment, issuer, partition));
    return pointsFaultOfAny(points, allowed);
  },
};
