/** The CRL distribution point of an issuing authority is the CRL of its root. */
import type { AuthoritySubject, Rule } from '../../rule.js';
import { expectedCrlAddresses, pointsFault } from '../expected.js';

export const e_cps_ca_crl_distribution_point_is_roots: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_crl_distribution_point_is_roots',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.1.13',
  effective: '2026-01-01',
  appliesTo: ({ authority }) => authority.kind === 'issuing',
  check: ({ extensions, environment, issuer }) => {
    const points = extensions.get('crlDistributionPoints');
    return points === null ? null : pointsFault(points, expectedCrlAddresses(environment, issuer));
  },
};
