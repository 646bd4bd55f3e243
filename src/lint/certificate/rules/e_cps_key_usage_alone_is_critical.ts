/**
 * keyUsage is the only critical extension of the sector's end-entity certificates; EN 319 412-2
 * requires that EKU and SAN are not critical.
 */
import { OID } from '../../../asn1/oids.js';
import { extensionName, isKnownExtension } from '../../reading/decoded-extensions.js';
import type { Rule } from '../../rule.js';

export const e_cps_key_usage_alone_is_critical: Rule = {
  name: 'e_cps_key_usage_alone_is_critical',
  citation: 'profiles of the sector; EN 319 412-2 4.3; RFC 5280 4.2',
  effective: '2016-02-01',
  check: ({ certificate }) => {
    const critical = certificate.tbs.extensions.find(
      (extension) => extension.critical && extension.oid !== OID.keyUsage && isKnownExtension(extension.oid),
    );
    return critical === undefined ? null : `${extensionName(critical.oid)} is critical`;
  },
};
