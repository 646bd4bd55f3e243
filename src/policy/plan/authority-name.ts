import { OID } from '../../asn1/oids.js';
import { present } from '../../kernel/assert.js';
import type { Attribute, Name } from '../../x509/model.js';
import type { Authority, Policy } from '../model.js';

/**
 * The subject of a certification authority: `C=FR, O=ASIP-SANTE, OU=0002 187512751, OU=IGC-SANTE
 * TEST, CN=TEST AC ...` in the order of the DER. The second and later generations have names of
 * their own, so that a relying party that builds chains by name finds exactly one certificate.
 */
export function authorityName(policy: Policy, authority: Authority, generation: number): Name {
  return [
    ...organizationRdns(policy, authority),
    [attribute('commonName', authorityCommonName(policy, authority, generation))],
  ];
}

/** The common name with the environment's prefix and the generation's suffix. */
export function authorityCommonName({ environment, hierarchies }: Policy, authority: Authority, generation: number) {
  const { generationSuffix } = present(hierarchies.get(authority.hierarchy), 'hierarchy of an authority');
  const suffix = generation === 1 ? '' : generationSuffix.replace('{generation}', String(generation));
  return `${environment.names.commonNamePrefix}${authority.commonName}${suffix}`;
}

/** The RDNs before the common name: the agency, and the environment's organizational unit. */
export function organizationRdns({ environment, hierarchies }: Policy, { hierarchy }: Authority): Name {
  const { authorityNames } = present(hierarchies.get(hierarchy), 'hierarchy of an authority');
  return [
    [{ type: OID.countryName, form: 'printableString', value: authorityNames.countryName }],
    [attribute('organizationName', authorityNames.organizationName)],
    [attribute('organizationalUnitName', authorityNames.organizationalUnitName)],
    [attribute('organizationalUnitName', environment.names.organizationalUnit)],
  ];
}

function attribute(type: 'commonName' | 'organizationName' | 'organizationalUnitName', value: string): Attribute {
  return { type: OID[type], form: 'utf8String', value };
}
