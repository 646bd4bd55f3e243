/**
 * "When present, DistributionPointName SHOULD include at least one LDAP or HTTP URI." A client that
 * fetches CRLs and issuers cannot verify TLS yet (section 8), and an LDAP address is of no use
 * unless the environment has a directory.
 */
import type { GeneralName } from '../../reading/extension-readers.js';
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_addresses_are_served: Rule<CertificateSubject> = {
  name: 'e_addresses_are_served',
  citation: 'RFC 5280 4.2.1.13, 4.2.2.1 and 8',
  effective: '2008-05-01',
  check: ({ extensions, environment }) => {
    const { ldap } = environment.addresses;
    for (const name of ['crlDistributionPoints', 'freshestCrl'] as const) {
      for (const { fullName } of extensions.get(name) ?? []) {
        for (const location of fullName ?? [])
          if (!isServed(location, ldap)) return `${location.kind} ${location.value}`;
      }
    }
    for (const { location } of extensions.get('authorityInfoAccess') ?? []) {
      if (!isServed(location, ldap)) return `${location.kind} ${location.value}`;
    }
    return null;
  },
};

function isServed({ kind, value }: GeneralName, ldap: string | null): boolean {
  return kind === 'uri' && (value.startsWith('http://') || (ldap !== null && value.startsWith(`${ldap}/`)));
}
