/** Where the issuer's delta list is. */
import { expectedDeltaAddresses, pointsFault } from '../expected.js';
import type { Rule } from '../rule.js';

export const e_cps_freshest_crl_is_issuers: Rule = {
  name: 'e_cps_freshest_crl_is_issuers',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.1.15',
  effective: '2026-01-01',
  check: ({ extensions, environment, issuer }) => {
    const points = extensions.get('freshestCrl');
    return points === null ? null : pointsFault(points, expectedDeltaAddresses(environment, issuer));
  },
};
