/** Certificates and lists as people read them aloud before they are signed: every member, French with English beside. */
import { OID } from '../asn1/oids.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { formatInstant } from '../kernel/clock.js';
import { readTbs } from '../x509/certificate-reader.js';
import { readAuthorityInfoAccess } from '../x509/extensions/authority-info-access.js';
import { readAuthorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.js';
import { readCertificatePolicies } from '../x509/extensions/certificate-policies.js';
import { readCrlDistributionPoints } from '../x509/extensions/crl-distribution-points.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../x509/extensions/key-usage.js';
import { readSubjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js';
import type { Extension, Issuer, KeyType } from '../x509/model.js';
import { formatName } from '../x509/name-reader.js';
import { keyTypeOf, readPublicKey } from '../x509/public-key.js';
import { sha256Hex } from './plan.js';
import { both } from './words.js';
import type { CrlTimes } from './world.js';

const LABEL_WIDTH = 34;

function line(fr: string, en: string, value: string): string {
  return `  ${both({ fr, en }).padEnd(LABEL_WIDTH)} ${value}`;
}

/** Of to-be-signed bytes that passed the lint; `signsWith`: the issuer's key. */
export function certificateLines(output: string, tbs: Bytes, signsWith: KeyType): readonly string[] {
  const read = readTbs(tbs);
  if (!read.ok) return [`${output}: ${read.error.rule}`];
  const { subject, issuer, serial, notBefore, notAfter, spki, extensions } = read.value;
  return [
    both({ fr: `Certificat à signer : ${output}`, en: `certificate to be signed: ${output}` }),
    line('sujet', 'subject', formatName(subject)),
    line('émetteur', 'issuer', formatName(issuer)),
    line('clé qui signe', 'signing key', signsWith),
    line('numéro de série', 'serial number', serial),
    line('valable à partir de', 'not before', formatInstant(notBefore.at)),
    line("valable jusqu'à", 'not after', formatInstant(notAfter.at)),
    line('clé certifiée', 'certified key', `${keyName(spki)}, SHA-256 ${sha256Hex(spki)}`),
    ...extensions.map(extensionLine),
  ];
}

function keyName(spki: Bytes): string {
  const view = readPublicKey(spki);
  return (view.ok ? keyTypeOf(view.value) : null) ?? '?';
}

/** Names as RFC 5280 4.2 has them. */
const EXTENSIONS: Readonly<Record<string, { readonly name: string; readonly text: (value: Bytes) => string | null }>> =
  {
    [OID.basicConstraints]: {
      name: 'basicConstraints',
      text: (value) => said(readBasicConstraints(value), (found) => JSON.stringify(found)),
    },
    [OID.keyUsage]: { name: 'keyUsage', text: (value) => said(readKeyUsage(value), (bits) => bits.join(', ')) },
    [OID.extKeyUsage]: {
      name: 'extKeyUsage',
      text: (value) => said(readExtendedKeyUsage(value), (usages) => usages.join(', ')),
    },
    [OID.subjectKeyIdentifier]: {
      name: 'subjectKeyIdentifier',
      text: (value) => said(readSubjectKeyIdentifier(value), toHex),
    },
    [OID.authorityKeyIdentifier]: {
      name: 'authorityKeyIdentifier',
      text: (value) => said(readAuthorityKeyIdentifier(value), toHex),
    },
    [OID.certificatePolicies]: {
      name: 'certificatePolicies',
      text: (value) => said(readCertificatePolicies(value), (policies) => JSON.stringify(policies)),
    },
    [OID.crlDistributionPoints]: {
      name: 'cRLDistributionPoints',
      text: (value) => said(readCrlDistributionPoints(value), (uris) => uris.join(', ')),
    },
    [OID.authorityInfoAccess]: {
      name: 'authorityInfoAccess',
      text: (value) => said(readAuthorityInfoAccess(value), (access) => JSON.stringify(access)),
    },
    [OID.ocspNoCheck]: { name: 'ocsp-nocheck', text: () => '' },
    [OID.noRevocationAvailable]: { name: 'noRevAvail', text: () => '' },
  };

type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false };

function said<Value>(read: Read<Value>, text: (value: Value) => string): string | null {
  return read.ok ? text(read.value) : null;
}

function extensionLine({ oid, critical, value }: Extension): string {
  const known = EXTENSIONS[oid];
  const name = `${known?.name ?? oid}${critical ? ` (${both({ fr: 'critique', en: 'critical' })})` : ''}`;
  return `  ${name.padEnd(LABEL_WIDTH)} ${known?.text(value) ?? toHex(value)}`;
}

export function crlLines(
  output: string,
  { issuer, list }: { readonly issuer: Issuer; readonly list: CrlTimes & { readonly entries: number } },
): readonly string[] {
  return [
    both({ fr: `Liste de révocation à signer : ${output}`, en: `revocation list to be signed: ${output}` }),
    line('émetteur', 'issuer', formatName(issuer.subject)),
    line('clé qui signe', 'signing key', issuer.keyType),
    line('numéro', 'number', `${list.number}`),
    line('émise le', 'this update', formatInstant(list.thisUpdate)),
    line('prochaine au plus tard le', 'next update', formatInstant(list.nextUpdate)),
    line('certificats révoqués', 'revoked certificates', `${list.entries}`),
  ];
}
