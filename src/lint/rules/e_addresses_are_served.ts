/**
 * "When present, DistributionPointName SHOULD include at least one LDAP or HTTP URI." Whoever fetches lists and issuers cannot
 * check TLS yet (section 8), and an LDAP address leads nowhere unless the environment has a directory.
 */
import type { CertificateSubject, Rule } from '../rule.js';

export const e_addresses_are_served: Rule<CertificateSubject> = {
  name: 'e_addresses_are_served',
  citation: 'RFC 5280 4.2.1.13, 4.2.2.1 and 8',
  effective: '2008-05-01',
  check: ({ extensions, environment }) => {
    const points = [...(extensions.get('crlDistributionPoints') ?? []), ...(extensions.get('freshestCrl') ?? [])];
    const locations = [
      ...points.flatMap(({ fullName }) => fullName ?? []),
      ...(extensions.get('authorityInfoAccess') ?? []).map(({ location }) => location),
    ];
    const wrong = locations.find(({ kind, value }) => kind !== 'uri' || !isServed(value, environment.addresses.ldap));
    return wrong === undefined ? null : `${wrong.kind} ${wrong.value}`;
  },
};

function isServed(address: string, ldap: string | null): boolean {
  return address.startsWith('http://') || (ldap !== null && address.startsWith(`${ldap}/`));
}
