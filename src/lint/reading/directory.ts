/**
 * The LDAP entry of an issuer, computed from the certificates alone: in today's directory the entry
 * of an issuing authority is under an organizational unit that is named as its root, and the root's
 * entry is next to that unit.
 */
import type { Environment } from '../../policy/model.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { Issuer } from '../../x509/model.js';
import { onlyValueOf, valuesOf } from './names.js';

/**
 * The common name of the root of an issuing authority. It is cached, because a certificate never
 * changes.
 */
const rootNames = new WeakMap<Issuer, string>();

function rootNameOf(issuer: Issuer): string {
  const known = rootNames.get(issuer);
  if (known !== undefined) return known;
  const read = readCertificate(issuer.certificate);
  const name = read.ok ? (onlyValueOf(read.value.tbs.issuer, 'commonName') ?? '') : '';
  rootNames.set(issuer, name);
  return name;
}

/**
 * `ldap://host/cn=...,c=FR`, spaces percent-encoded (RFC 4516); null: the environment has no
 * directory.
 */
export function directoryEntry({ addresses }: Environment, issuer: Issuer): string | null {
  if (addresses.ldap === null) return null;
  const { subject } = issuer;
  const rdns = [
    `cn=${onlyValueOf(subject, 'commonName')}`,
    ...(issuer.kind === 'issuing' ? [`ou=${rootNameOf(issuer)}`] : []),
    ...[...valuesOf(subject, 'organizationalUnitName')].reverse().map((unit) => `ou=${unit}`),
    `o=${onlyValueOf(subject, 'organizationName')}`,
    `c=${onlyValueOf(subject, 'countryName')}`,
  ];
  return `${addresses.ldap}/${rdns.map((rdn) => rdn.replaceAll(' ', '%20')).join(',')}`;
}
