/** Basic constraints and key usage are critical, and no other extension is. */
import { OID } from '../../../asn1/oids.js';
import { extensionName, isKnownExtension } from '../../reading/decoded-extensions.js';
import type { AuthoritySubject, Rule } from '../../rule.js';

const CRITICAL: readonly string[] = [OID.basicConstraints, OID.keyUsage];

export const e_cps_ca_constraints_and_usage_alone_are_critical: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_constraints_and_usage_alone_are_critical',
  citation: 'profiles of the sector: authorities; RFC 5280 4.2',
  effective: '2026-01-01',
  check: ({ certificate }) => {
    const critical = certificate.tbs.extensions.find(
      (extension) => extension.critical && !CRITICAL.includes(extension.oid) && isKnownExtension(extension.oid),
    );
    return critical === undefined ? null : `${extensionName(critical.oid)} is critical`;
  },
};
