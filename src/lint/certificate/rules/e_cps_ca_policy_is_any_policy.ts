/**
 * The policy is anyPolicy: as in today's certificates, a CA certificate does not limit the policies
 * below it.
 */
import { OID } from '../../../asn1/oids.js';
import type { AuthoritySubject, Rule } from '../../rule.js';

export const e_cps_ca_policy_is_any_policy: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_policy_is_any_policy',
  citation: 'profiles of the sector: authorities; RFC 5280 4.2.1.4',
  effective: '2026-01-01',
  check: ({ extensions }) => {
    const found = extensions.get('certificatePolicies')?.map(({ oid }) => oid);
    return found === undefined || (found.length === 1 && found[0] === OID.anyPolicy) ? null : found.join(' ');
  },
};
