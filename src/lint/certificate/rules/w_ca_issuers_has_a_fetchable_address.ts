/**
 * "When the id-ad-caIssuers accessMethod is used, at least one instance SHOULD specify an
 * accessLocation that is an HTTP or LDAP URI."
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_ca_issuers_has_a_fetchable_address: Rule<AnySubject> = {
  name: 'w_ca_issuers_has_a_fetchable_address',
  citation: 'RFC 5280 4.2.2.1; EN 319 412-2 4.4.1',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const locations = extensions
      .get('authorityInfoAccess')
      ?.filter(({ method }) => method === OID.accessCaIssuers)
      .map(({ location }) => location);
    if (locations === undefined || locations.length === 0) return null;
    return locations.some(({ kind, value }) => kind === 'uri' && /^(?:https?|ldap):\/\//i.test(value))
      ? null
      : 'neither an HTTP nor an LDAP address';
  },
};
