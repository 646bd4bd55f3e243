/** The extension has no other methods than OCSP responder and issuer certificate. */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';

const METHODS: readonly string[] = [OID.accessOcsp, OID.accessCaIssuers];

export const e_cps_aia_has_no_other_method: Rule = {
  name: 'e_cps_aia_has_no_other_method',
  citation: 'policy: extensions of the profile; RFC 5280 4.2.2.1',
  effective: '2026-01-01',
  check: ({ extensions }) =>
    extensions.get('authorityInfoAccess')?.find(({ method }) => !METHODS.includes(method))?.method ?? null,
};
