/** id-ad-caIssuers is the address of this generation's certificate, once. */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import { accessFault, expectedCaIssuersAddress } from '../expected.js';

export const e_cps_aia_names_issuer: Rule = {
  name: 'e_cps_aia_names_issuer',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.2.1; EN 319 412-2 4.4.1',
  effective: '2026-01-01',
  check: ({ extensions, environment, issuer }) => {
    const access = extensions.get('authorityInfoAccess');
    return access === null
      ? null
      : accessFault(access, OID.accessCaIssuers, expectedCaIssuersAddress(environment, issuer));
  },
};
