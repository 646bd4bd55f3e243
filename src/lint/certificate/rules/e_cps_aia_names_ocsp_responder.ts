/** id-ad-ocsp is the address of the environment's responder, once. */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import { accessFault } from '../expected.js';

export const e_cps_aia_names_ocsp_responder: Rule = {
  name: 'e_cps_aia_names_ocsp_responder',
  citation: 'policy: addresses of the environment; RFC 5280 4.2.2.1; RFC 6960 3.1',
  effective: '2026-01-01',
  check: ({ extensions, environment }) => {
    const access = extensions.get('authorityInfoAccess');
    return access === null ? null : accessFault(access, OID.accessOcsp, environment.addresses.ocsp);
  },
};
