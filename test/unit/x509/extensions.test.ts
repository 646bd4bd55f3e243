import assert from 'node:assert/strict';
import type { DerFailure } from '../../../src/asn1/der-reader.js';
import { type Bytes, fromHex, toHex, utf8 } from '../../../src/kernel/bytes.js';
import type { Result } from '../../../src/kernel/result.js';
import {
  readAuthorityInfoAccess,
  writeAuthorityInfoAccess,
} from '../../../src/x509/extensions/authority-info-access.js';
import {
  readAuthorityKeyIdentifier,
  writeAuthorityKeyIdentifier,
} from '../../../src/x509/extensions/authority-key-identifier.js';
import { readBasicConstraints, writeBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import {
  readCertificatePolicies,
  writeCertificatePolicies,
} from '../../../src/x509/extensions/certificate-policies.js';
import {
  readCrlDistributionPoints,
  writeCrlDistributionPoints,
} from '../../../src/x509/extensions/crl-distribution-points.js';
import { writeCrlNumber } from '../../../src/x509/extensions/crl-number.js';
import { writeDeltaCrlIndicator } from '../../../src/x509/extensions/delta-crl-indicator.js';
import { readExtendedKeyUsage, writeExtendedKeyUsage } from '../../../src/x509/extensions/extended-key-usage.js';
import { writeFreshestCrl } from '../../../src/x509/extensions/freshest-crl.js';
import { writeGipCardCategory } from '../../../src/x509/extensions/gip-card-category.js';
import { readGipCardId, writeGipCardId } from '../../../src/x509/extensions/gip-card-id.js';
import { readGipCardType, writeGipCardType } from '../../../src/x509/extensions/gip-card-type.js';
import { writeGipProfessionCode } from '../../../src/x509/extensions/gip-profession-code.js';
import { readInvalidityDate } from '../../../src/x509/extensions/invalidity-date.js';
import { writeIssuingDistributionPoint } from '../../../src/x509/extensions/issuing-distribution-point.js';
import { KEY_USAGE_BITS, readKeyUsage, writeKeyUsage } from '../../../src/x509/extensions/key-usage.js';
import { writeOcspNoCheck } from '../../../src/x509/extensions/ocsp-nocheck.js';
import { writePrivateKeyUsagePeriod } from '../../../src/x509/extensions/private-key-usage-period.js';
import { readReasonCode, reasonNumber, reasonOf } from '../../../src/x509/extensions/reason-code.js';
import { readSubjectAltName, writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import {
  readSubjectKeyIdentifier,
  writeSubjectKeyIdentifier,
} from '../../../src/x509/extensions/subject-key-identifier.js';
import type { Extension } from '../../../src/x509/model.js';

type Case = {
  readonly name: string;
  /** null: CRL entries have it, which `entry-writer.ts` writes. */
  readonly extension: Extension | null;
  /** null: only the lint reads it, with its own reader. */
  readonly read: ((value: Bytes) => Result<unknown, DerFailure>) | null;
  readonly value?: unknown;
  readonly oid: string;
  readonly critical?: true;
  readonly hex: string;
};

const KEY_ID = Uint8Array.from({ length: 20 }, (_, at) => at);
const KEY_ID_HEX = toHex(KEY_ID);
const uri = (text: string): string => `86${text.length.toString(16).padStart(2, '0')}${toHex(utf8(text))}`;
const PKUP = { notBefore: Date.UTC(2026, 2, 1, 10), notAfter: Date.UTC(2029, 1, 28, 10) };
const UPN = { kind: 'userPrincipalName', value: '30B0057881/CPET0002@carte-cps.fr' } as const;
const UPN_HEX = toHex(utf8(UPN.value));
const ADDRESS = { kind: 'iPAddress', octets: Uint8Array.of(127, 0, 0, 1) } as const;

/**
 * The octets are written from the standards and from today's certificates, not by the code under
 * test.
 */
const CASES: readonly Case[] = [
  {
    name: 'basicConstraints of an end entity',
    oid: '2.5.29.19',
    hex: '3000',
    value: { ca: false },
    extension: writeBasicConstraints({ ca: false }),
    read: readBasicConstraints,
  },
  {
    name: 'basicConstraints of a root',
    oid: '2.5.29.19',
    critical: true,
    hex: '30030101ff',
    value: { ca: true, pathLen: null },
    extension: writeBasicConstraints({ ca: true, pathLen: null }),
    read: readBasicConstraints,
  },
  {
    name: 'basicConstraints of an issuing CA',
    oid: '2.5.29.19',
    critical: true,
    hex: '30060101ff020100',
    value: { ca: true, pathLen: 0 },
    extension: writeBasicConstraints({ ca: true, pathLen: 0 }),
    read: readBasicConstraints,
  },
  {
    name: 'keyUsage of a signature card',
    oid: '2.5.29.15',
    critical: true,
    hex: '03020640',
    value: ['nonRepudiation'],
    extension: writeKeyUsage(['nonRepudiation']),
    read: readKeyUsage,
  },
  {
    name: 'keyUsage of a CA',
    oid: '2.5.29.15',
    critical: true,
    hex: '03020106',
    value: ['keyCertSign', 'cRLSign'],
    extension: writeKeyUsage(['cRLSign', 'keyCertSign']),
    read: readKeyUsage,
  },
  {
    name: 'keyUsage of a server',
    oid: '2.5.29.15',
    critical: true,
    hex: '030205a0',
    value: ['digitalSignature', 'keyEncipherment'],
    extension: writeKeyUsage(['digitalSignature', 'keyEncipherment']),
    read: readKeyUsage,
  },
  {
    name: 'keyUsage with all of its bits',
    oid: '2.5.29.15',
    critical: true,
    hex: '030307ff80',
    value: [...KEY_USAGE_BITS],
    extension: writeKeyUsage(KEY_USAGE_BITS),
    read: readKeyUsage,
  },
  {
    name: 'extKeyUsage of a card',
    oid: '2.5.29.37',
    value: ['clientAuth', 'smartcardLogon'],
    hex: '301606082b06010505070302060a2b060104018237140202',
    extension: writeExtendedKeyUsage(['clientAuth', 'smartcardLogon']),
    read: readExtendedKeyUsage,
  },
  {
    name: 'extKeyUsage of a responder',
    oid: '2.5.29.37',
    value: ['ocspSigning'],
    hex: '300a06082b06010505070309',
    extension: writeExtendedKeyUsage(['ocspSigning']),
    read: readExtendedKeyUsage,
  },
  {
    name: 'subjectKeyIdentifier',
    oid: '2.5.29.14',
    value: KEY_ID,
    hex: `0414${KEY_ID_HEX}`,
    extension: writeSubjectKeyIdentifier(KEY_ID),
    read: readSubjectKeyIdentifier,
  },
  {
    name: 'authorityKeyIdentifier',
    oid: '2.5.29.35',
    value: KEY_ID,
    hex: `30168014${KEY_ID_HEX}`,
    extension: writeAuthorityKeyIdentifier(KEY_ID),
    read: readAuthorityKeyIdentifier,
  },
  {
    name: 'certificatePolicies with a CPS pointer',
    oid: '2.5.29.32',
    value: [{ policy: '2.5.29.32.0', cps: 'http://a/PC' }],
    hex: `3023 3021 0604551d2000 3019 3017 06082b06010505070201 160b ${toHex(utf8('http://a/PC'))}`.replaceAll(' ', ''),
    extension: writeCertificatePolicies([{ policy: '2.5.29.32.0', cps: 'http://a/PC' }]),
    read: readCertificatePolicies,
  },
  {
    name: 'certificatePolicies without qualifiers',
    oid: '2.5.29.32',
    value: [{ policy: '1.2.250.1.213.1.7.2.1.1.1.1' }],
    hex: '3011300f060d2a817a01815501070201010101',
    extension: writeCertificatePolicies([{ policy: '1.2.250.1.213.1.7.2.1.1.1.1' }]),
    read: readCertificatePolicies,
  },
  {
    name: 'cRLDistributionPoints',
    oid: '2.5.29.31',
    value: ['http://a/b', 'ldap:///c'],
    hex: `3023 3010 a00e a00c ${uri('http://a/b')} 300f a00d a00b ${uri('ldap:///c')}`.replaceAll(' ', ''),
    extension: writeCrlDistributionPoints(['http://a/b', 'ldap:///c']),
    read: readCrlDistributionPoints,
  },
  {
    name: 'freshestCRL',
    oid: '2.5.29.46',
    hex: `3011 300f a00d a00b ${uri('ldap:///c')}`.replaceAll(' ', ''),
    extension: writeFreshestCrl(['ldap:///c']),
    read: null,
  },
  {
    name: 'authorityInfoAccess',
    oid: '1.3.6.1.5.5.7.1.1',
    value: { ocsp: 'http://o', caIssuers: 'http://c' },
    hex: `302c 3014 06082b06010505073001 ${uri('http://o')} 3014 06082b06010505073002 ${uri('http://c')}`.replaceAll(
      ' ',
      '',
    ),
    extension: writeAuthorityInfoAccess({ ocsp: 'http://o', caIssuers: 'http://c' }),
    read: readAuthorityInfoAccess,
  },
  {
    name: 'authorityInfoAccess of one address',
    oid: '1.3.6.1.5.5.7.1.1',
    value: { ocsp: 'http://o' },
    hex: `3016 3014 06082b06010505073001 ${uri('http://o')}`.replaceAll(' ', ''),
    extension: writeAuthorityInfoAccess({ ocsp: 'http://o' }),
    read: readAuthorityInfoAccess,
  },
  {
    name: 'subjectAltName with a user principal name',
    oid: '2.5.29.17',
    value: [UPN],
    hex: `3032 a030 060a2b060104018237140203 a022 0c20 ${UPN_HEX}`.replaceAll(' ', ''),
    extension: writeSubjectAltName([UPN]),
    read: readSubjectAltName,
  },
  {
    name: 'subjectAltName of a server',
    oid: '2.5.29.17',
    value: [{ kind: 'dNSName', value: 'a.fr' }, { kind: 'rfc822Name', value: 'b@a.fr' }, ADDRESS],
    hex: `3014 8204 ${toHex(utf8('a.fr'))} 8106 ${toHex(utf8('b@a.fr'))} 8704 7f000001`.replaceAll(' ', ''),
    extension: writeSubjectAltName([
      { kind: 'dNSName', value: 'a.fr' },
      { kind: 'rfc822Name', value: 'b@a.fr' },
      ADDRESS,
    ]),
    read: readSubjectAltName,
  },
  {
    name: 'privateKeyUsagePeriod',
    oid: '2.5.29.16',
    hex: `3022 800f ${toHex(utf8('20260301100000Z'))} 810f ${toHex(utf8('20290228100000Z'))}`.replaceAll(' ', ''),
    extension: writePrivateKeyUsagePeriod(PKUP),
    read: null,
  },
  {
    name: 'ocsp-nocheck',
    oid: '1.3.6.1.5.5.7.48.1.5',
    hex: '0500',
    extension: writeOcspNoCheck(),
    read: null,
  },
  {
    name: 'gipCardType of a CPS',
    oid: '1.2.250.1.71.1.2.2',
    value: 0,
    hex: '020100',
    extension: writeGipCardType(0),
    read: readGipCardType,
  },
  {
    name: 'gipCardId',
    oid: '1.2.250.1.71.1.2.3',
    value: '8025000001/2600301752',
    hex: `1315${toHex(utf8('8025000001/2600301752'))}`,
    extension: writeGipCardId('8025000001/2600301752'),
    read: readGipCardId,
  },
  {
    name: 'gipCardCategory of a test card',
    oid: '1.2.250.1.71.1.2.5',
    hex: '040180',
    extension: writeGipCardCategory(0x80),
    read: null,
  },
  {
    name: 'gipProfessionCode of a nurse',
    oid: '1.2.250.1.71.1.2.7',
    hex: '02013c',
    extension: writeGipProfessionCode(60),
    read: null,
  },
  {
    name: 'cRLNumber',
    oid: '2.5.29.20',
    hex: '02020080',
    extension: writeCrlNumber(128),
    read: null,
  },
  {
    name: 'deltaCRLIndicator',
    oid: '2.5.29.27',
    critical: true,
    hex: '020107',
    extension: writeDeltaCrlIndicator(7),
    read: null,
  },
  {
    name: 'reasonCode',
    oid: '2.5.29.21',
    value: 'privilegeWithdrawn',
    hex: '0a0109',
    extension: null,
    read: readReasonCode,
  },
  {
    name: 'invalidityDate',
    oid: '2.5.29.24',
    value: PKUP.notBefore,
    hex: `180f${toHex(utf8('20260301100000Z'))}`,
    extension: null,
    read: readInvalidityDate,
  },
  {
    name: 'issuingDistributionPoint',
    oid: '2.5.29.28',
    critical: true,
    hex: `3013 a00e a00c ${uri('http://a/b')} 8101ff`.replaceAll(' ', ''),
    extension: writeIssuingDistributionPoint({ uri: 'http://a/b', only: 'user-certificates' }),
    read: null,
  },
];

describe('an extension', () => {
  for (const { name, extension, read, value, oid, critical = false, hex } of CASES) {
    const octets = fromHex(hex) ?? new Uint8Array(0);

    if (extension !== null)
      it(`${name} is written as the octets known`, () => {
        assert.equal(toHex(extension.value), hex);
        assert.equal(extension.oid, oid);
        assert.equal(extension.critical, critical);
      });

    if (read === null) continue;

    it(`${name} is read from the octets known`, () => {
      assert.deepEqual(read(octets), { ok: true, value });
    });

    it(`${name} is refused with an octet behind it, cut short, or with an octet of its frame changed`, () => {
      assert.ok(!read(Uint8Array.from([...octets, 0])).ok);
      assert.ok(!read(octets.subarray(0, -1)).ok);
      assert.ok(!read(octets.with(0, 0x24)).ok);
      assert.ok(!read(new Uint8Array(0)).ok);
    });
  }

  it('reason codes are the numbers of RFC 5280, and 7 is none', () => {
    assert.equal(reasonNumber('removeFromCRL'), 8);
    assert.equal(reasonOf(1), 'keyCompromise');
    assert.equal(reasonOf(7), null);
    assert.equal(reasonOf(11), null);
  });

  it('an unknown purpose is read as its object identifier', () => {
    const read = readExtendedKeyUsage(Uint8Array.of(0x30, 6, 6, 4, 0x55, 0x1d, 0x25, 0));
    assert.deepEqual(read, { ok: true, value: ['2.5.29.37.0'] });
  });
});
