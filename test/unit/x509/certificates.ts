/** A certificate with every extension that this platform writes, and the keys that sign it. */
import { sign } from 'node:crypto';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { assembleCertificate, encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { writeAuthorityInfoAccess } from '../../../src/x509/extensions/authority-info-access.js';
import { writeAuthorityKeyIdentifier } from '../../../src/x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import { writeCertificatePolicies } from '../../../src/x509/extensions/certificate-policies.js';
import { writeCrlDistributionPoints } from '../../../src/x509/extensions/crl-distribution-points.js';
import { writeExtendedKeyUsage } from '../../../src/x509/extensions/extended-key-usage.js';
import { writeFreshestCrl } from '../../../src/x509/extensions/freshest-crl.js';
import { writeGipCardCategory } from '../../../src/x509/extensions/gip-card-category.js';
import { writeGipCardId } from '../../../src/x509/extensions/gip-card-id.js';
import { writeGipCardType } from '../../../src/x509/extensions/gip-card-type.js';
import { writeGipProfessionCode } from '../../../src/x509/extensions/gip-profession-code.js';
import { writeKeyUsage } from '../../../src/x509/extensions/key-usage.js';
import { writeOcspNoCheck } from '../../../src/x509/extensions/ocsp-nocheck.js';
import { writePrivateKeyUsagePeriod } from '../../../src/x509/extensions/private-key-usage-period.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import { writeSubjectKeyIdentifier } from '../../../src/x509/extensions/subject-key-identifier.js';
import { hashFor, signatureAlgorithmFor } from '../../../src/x509/keys/algorithms.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { Extension, KeyType, Name, TbsCertificate } from '../../../src/x509/model.js';
import { pairOf } from './keys.js';

export const AUTHORITY: Name = [
  [{ type: OID.countryName, form: 'printableString', value: 'FR' }],
  [{ type: OID.organizationName, form: 'utf8String', value: 'ASIP-SANTE' }],
  [{ type: OID.commonName, form: 'utf8String', value: 'TEST AC IGC-SANTE FORT PERSONNES' }],
];

export const PROFESSIONAL: Name = [
  [{ type: OID.countryName, form: 'printableString', value: 'FR' }],
  [{ type: OID.title, form: 'utf8String', value: 'Médecin' }],
  [
    { type: OID.givenName, form: 'utf8String', value: 'ÉLODIE' },
    { type: OID.commonName, form: 'utf8String', value: '810002813839' },
    { type: OID.surname, form: 'utf8String', value: 'D’ARC' },
  ],
];

export const VALIDITY = { notBefore: Date.UTC(2026, 2, 1, 10), notAfter: Date.UTC(2029, 1, 28, 9, 59, 59) };
export const SERIAL = Uint8Array.from({ length: 16 }, (_, at) => 0x70 - at);

export function everyExtension(holder: Bytes, issuer: Bytes): readonly Extension[] {
  return [
    writeAuthorityKeyIdentifier(subjectKeyIdentifier(issuer)),
    writeSubjectKeyIdentifier(subjectKeyIdentifier(holder)),
    writeBasicConstraints({ ca: false }),
    writeKeyUsage(['digitalSignature', 'nonRepudiation']),
    writePrivateKeyUsagePeriod(VALIDITY),
    writeExtendedKeyUsage(['clientAuth', 'smartcardLogon', 'emailProtection']),
    writeCertificatePolicies([{ policy: '1.2.250.1.213.1.7.2.1.1.1.1', cps: 'http://example.org/PC%20TEST' }]),
    writeSubjectAltName([
      { kind: 'userPrincipalName', value: '810002813839@carte-cps.fr' },
      { kind: 'dNSName', value: 'lps.example.org' },
      { kind: 'rfc822Name', value: 'a@example.org' },
      { kind: 'iPAddress', octets: Uint8Array.of(127, 0, 0, 1) },
    ]),
    writeCrlDistributionPoints(['http://example.org/CRL/A.crl', 'ldap://example.org/cn=A%20B,c=FR?x;binary?base']),
    writeFreshestCrl(['ldap://example.org/cn=A,c=FR?y;binary?base']),
    writeAuthorityInfoAccess({ ocsp: 'http://ocsp.example.org', caIssuers: 'http://example.org/AC/A.cer' }),
    writeOcspNoCheck(),
    writeGipCardType(0),
    writeGipCardId('8025000001/2600301752'),
    writeGipCardCategory(0x80),
    writeGipProfessionCode(60),
  ];
}

/** The holder's key is P-256. */
export function tbsFor(issuerType: KeyType, changes: Partial<TbsCertificate> = {}): TbsCertificate {
  const holder = pairOf('p-256').spki;
  return {
    serial: SERIAL,
    signatureAlgorithm: signatureAlgorithmFor(issuerType),
    issuerDer: encodeName(AUTHORITY),
    validity: VALIDITY,
    subject: PROFESSIONAL,
    spki: holder,
    extensions: everyExtension(holder, pairOf(issuerType).spki),
    ...changes,
  };
}

export function signed(issuerType: KeyType, tbs: TbsCertificate): Bytes {
  const der = encodeTbs(tbs);
  const signature = sign(hashFor(tbs.signatureAlgorithm), der, pairOf(issuerType).privateKey);
  return assembleCertificate(der, tbs.signatureAlgorithm, new Uint8Array(signature));
}

/** A self-signed CA certificate, with the extensions of a root by default. */
export function rootOf(keyType: KeyType, changes: Partial<TbsCertificate> = {}): Bytes {
  const { spki } = pairOf(keyType);
  const extensions = [
    writeBasicConstraints({ ca: true, pathLen: null }),
    writeKeyUsage(['keyCertSign', 'cRLSign']),
    writeSubjectKeyIdentifier(subjectKeyIdentifier(spki)),
  ];
  return signed(keyType, tbsFor(keyType, { subject: AUTHORITY, spki, extensions, ...changes }));
}
