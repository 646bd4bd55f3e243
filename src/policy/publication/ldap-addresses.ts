/**
 * LDAP addresses of CRLs (RFC 4516), where the environment has a directory. In today's directory an
 * issuing authority's entry is under an organizational unit that is named as its root.
 */
import { present } from '../../kernel/assert.js';
import type { IssuerId } from '../../ports/signer.js';
import { parseIssuerId } from '../ids.js';
import type { Policy } from '../model.js';
import { authorityCommonName, organizationRdns } from '../plan/authority-name.js';

/** null: the environment has no directory. */
export function ldapCrlUrl(policy: Policy, issuer: IssuerId): string | null {
  return ldapUrl(policy, issuer, 'certificaterevocationlist;binary');
}

/** null: the environment has no directory. */
export function ldapDeltaCrlUrl(policy: Policy, issuer: IssuerId): string | null {
  return ldapUrl(policy, issuer, 'deltarevocationlist;binary');
}

function ldapUrl(policy: Policy, issuer: IssuerId, attribute: string): string | null {
  const { ldap } = policy.environment.addresses;
  if (ldap === null) return null;
  return `${ldap}/${encodeDn(directoryEntryOf(policy, issuer))}?${attribute}?base?objectClass=pkiCA`;
}

/** The RDNs from the entry up to the country, in the notation of RFC 4514. */
export function directoryEntryOf(policy: Policy, issuer: IssuerId): readonly string[] {
  const parsed = parseIssuerId(issuer);
  const { authority: id, generation } = present(parsed.ok ? parsed.value : null, 'parts of an issuer id');
  const authority = present(policy.authorities.get(id), 'authority of an issuer');
  const names = ['c', 'o', 'ou', 'ou'];
  const above = organizationRdns(policy, authority).map(([attribute], at) => `${names[at]}=${attribute?.value}`);
  const common = `cn=${authorityCommonName(policy, authority, generation)}`;
  if (authority.kind === 'root') return [common, ...above.reverse()];
  const root = present(policy.authorities.get(authority.issuer), 'root of an authority');
  return [common, `ou=${authorityCommonName(policy, root, root.currentGeneration)}`, ...above.reverse()];
}

/**
 * The schema excludes the characters that RFC 4514 escapes from the names of authorities, so that
 * only spaces need encoding.
 */
function encodeDn(rdns: readonly string[]): string {
  return rdns.map((rdn) => rdn.replaceAll(' ', '%20')).join(',');
}
