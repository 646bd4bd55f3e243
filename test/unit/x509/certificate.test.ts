import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Certificate } from 'pkijs';
import { OID } from '../../../src/asn1/oids.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { type Bytes, equalBytes, fromHex, toHex } from '../../../src/kernel/bytes.js';
import { extensionOf, readCertificate, readTbs } from '../../../src/x509/certificate/certificate-reader.js';
import { encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { writeBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import { algorithmIdentifierDer, signatureAlgorithmFor, verifySignature } from '../../../src/x509/keys/algorithms.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { KeyType } from '../../../src/x509/model.js';
import { inFolder, openssl } from '../asn1/openssl.js';
import { AUTHORITY, PROFESSIONAL, rootOf, SERIAL, signed, tbsFor, VALIDITY } from './certificates.js';
import { pairOf } from './keys.js';

const ISSUER_TYPES = ['rsa-2048', 'rsa-4096', 'p-256', 'p-384'] as const satisfies readonly KeyType[];

function textOf(der: Bytes): string {
  const options = ['-nameopt', 'sep_comma_plus,utf8,sname,show_type', '-certopt', 'no_sigdump'];
  return openssl(['x509', '-inform', 'DER', '-noout', '-text', ...options], der).toString('utf8');
}

/**
 *
 * `  AA:BB` as OpenSSL prints bytes.
 */
const colons = (octets: Bytes): string => (toHex(octets).toUpperCase().match(/../g) ?? []).join(':');

describe('a certificate that the writer writes', () => {
  for (const issuerType of ISSUER_TYPES) {
    it(`and an ${issuerType} key signs is read back with every value that went in`, () => {
      const tbs = tbsFor(issuerType);
      const der = signed(issuerType, tbs);
      const read = readCertificate(der);
      assert.ok(read.ok);
      const view = read.value;
      assert.equal(view.tbs.version, 3);
      assert.equal(view.tbs.serial, toHex(SERIAL));
      assert.ok(equalBytes(view.tbs.serialOctets, SERIAL));
      assert.ok(equalBytes(view.tbs.issuerDer, tbs.issuerDer));
      assert.deepEqual(view.tbs.issuer, AUTHORITY);
      assert.deepEqual(view.tbs.notBefore, { form: 'utcTime', at: VALIDITY.notBefore });
      assert.deepEqual(view.tbs.notAfter, { form: 'utcTime', at: VALIDITY.notAfter });
      assert.ok(equalBytes(view.tbs.subjectDer, encodeName(PROFESSIONAL)));
      assert.ok(equalBytes(view.tbs.spki, tbs.spki));
      assert.deepEqual(view.tbs.extensions, tbs.extensions);
      assert.ok(equalBytes(view.signatureAlgorithmDer, algorithmIdentifierDer(signatureAlgorithmFor(issuerType))));
      assert.ok(equalBytes(view.tbs.signatureAlgorithmDer, view.signatureAlgorithmDer));
      assert.deepEqual(readTbs(view.tbs.der), { ok: true, value: view.tbs });
      const { spki } = pairOf(issuerType);
      const claim = { spki, algorithm: tbs.signatureAlgorithm, data: view.tbs.der, signature: view.signature };
      assert.ok(verifySignature(claim));
    });

    it(`and an ${issuerType} key signs is verified by OpenSSL up to its root, strictly`, () => {
      inFolder((folder) => {
        const [root, leaf] = [join(folder, 'root.pem'), join(folder, 'leaf.pem')];
        writeFileSync(root, new X509Certificate(rootOf(issuerType)).toString());
        writeFileSync(leaf, new X509Certificate(signed(issuerType, tbsFor(issuerType))).toString());
        const at = ['-attime', String(VALIDITY.notBefore / 1000)];
        const said = openssl(['verify', '-x509_strict', '-check_ss_sig', ...at, '-CAfile', root, leaf]).toString();
        assert.equal(said, `${leaf}: OK\n`);
      });
    });
  }

  it('is printed by OpenSSL field by field as planned', () => {
    const shown = textOf(signed('p-384', tbsFor('p-384')));
    const holder = pairOf('p-256').spki;
    const expected = [
      'Version: 3 (0x2)',
      `Serial Number:\n            ${colons(SERIAL).toLowerCase()}`,
      'Signature Algorithm: ecdsa-with-SHA384',
      'Issuer: C=PRINTABLESTRING:FR,O=UTF8STRING:ASIP-SANTE,CN=UTF8STRING:TEST AC IGC-SANTE FORT PERSONNES',
      'Not Before: Mar  1 10:00:00 2026 GMT',
      'Not After : Feb 28 09:59:59 2029 GMT',
      'Subject: C=PRINTABLESTRING:FR,title=UTF8STRING:Médecin,SN=UTF8STRING:D’ARC+GN=UTF8STRING:ÉLODIE+CN=UTF8STRING:810002813839',
      'ASN1 OID: prime256v1',
      `X509v3 Authority Key Identifier: \n                ${colons(subjectKeyIdentifier(pairOf('p-384').spki))}`,
      `X509v3 Subject Key Identifier: \n                ${colons(subjectKeyIdentifier(holder))}`,
      'X509v3 Basic Constraints: \n                CA:FALSE',
      'X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation',
      'Not Before: Mar  1 10:00:00 2026 GMT, Not After: Feb 28 09:59:59 2029 GMT',
      'X509v3 Extended Key Usage: \n                TLS Web Client Authentication, Microsoft Smartcard Login, E-mail Protection',
      'Policy: 1.2.250.1.213.1.7.2.1.1.1.1\n                  CPS: http://example.org/PC%20TEST',
      'othername: UPN:810002813839@carte-cps.fr, DNS:lps.example.org, email:a@example.org, IP Address:127.0.0.1',
      'URI:http://example.org/CRL/A.crl',
      'URI:ldap://example.org/cn=A%20B,c=FR?x;binary?base',
      'URI:ldap://example.org/cn=A,c=FR?y;binary?base',
      'OCSP - URI:http://ocsp.example.org\n                CA Issuers - URI:http://example.org/AC/A.cer',
      'OCSP No Check: ',
      '1.2.250.1.71.1.2.2: \n                ...',
      '1.2.250.1.71.1.2.3: \n                ..8025000001/2600301752',
      '1.2.250.1.71.1.2.5: \n                ...',
      '1.2.250.1.71.1.2.7: \n                ..<',
    ];
    for (const part of expected) assert.ok(shown.includes(part), `${part}\nis not in\n${shown}`);
    assert.equal((shown.match(/critical/g) ?? []).length, 1, 'keyUsage alone is critical');
  });

  it('is decoded by pkijs and encoded again to the same octets', () => {
    const der = signed('rsa-2048', tbsFor('rsa-2048'));
    const theirs = Certificate.fromBER(new Uint8Array(der));
    assert.equal(toHex(new Uint8Array(theirs.toSchema(true).toBER())), toHex(der));
    assert.equal(theirs.notAfter.value.getTime(), VALIDITY.notAfter);
    assert.deepEqual(
      theirs.extensions?.map(({ extnID, critical, extnValue }) => [
        extnID,
        critical,
        toHex(extnValue.valueBlock.valueHexView),
      ]),
      tbsFor('rsa-2048').extensions.map(({ oid, critical, value }) => [oid, critical, toHex(value)]),
    );
  });

  it('reads back for any serial number, time and name', () => {
    const seconds = (from: number, to: number) =>
      fc.integer({ min: Date.UTC(from, 0) / 1000, max: Date.UTC(to, 0) / 1000 }).map((at) => at * 1000);
    const serials = fc
      .uint8Array({ minLength: 1, maxLength: 16 })
      .filter((octets) => octets.some((octet) => octet !== 0));
    const property = fc.property(serials, seconds(1990, 2040), seconds(2041, 2100), (serial, notBefore, notAfter) => {
      const view = readTbs(encodeTbs(tbsFor('p-256', { serial, validity: { notBefore, notAfter } })));
      assert.ok(view.ok);
      assert.equal(BigInt(`0x${view.value.serial}`), BigInt(`0x${toHex(serial)}`));
      assert.equal(view.value.serial.length % 2, 0);
      assert.deepEqual([view.value.notBefore.at, view.value.notAfter.at], [notBefore, notAfter]);
      assert.equal(view.value.notAfter.form, notAfter < Date.UTC(2050, 0) ? 'utcTime' : 'generalizedTime');
    });
    fc.assert(property, { seed: 9, numRuns: 500 });
  });
});

describe('the certificate reader', () => {
  it('reads certificates of OpenSSL', () => {
    const command = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-384',
      '-noenc',
      '-keyout',
      '/dev/null',
    ];
    const more = ['-subj', '/C=FR/O=Santé/CN=x', '-utf8', '-days', '30', '-outform', 'DER'];
    const der = new Uint8Array(openssl([...command, ...more]));
    const read = readCertificate(der);
    assert.ok(read.ok, JSON.stringify(read));
    const node = new X509Certificate(der);
    assert.equal(read.value.tbs.serial.toUpperCase(), node.serialNumber);
    assert.equal(read.value.tbs.notAfter.at, Date.parse(node.validTo));
    assert.deepEqual(
      read.value.tbs.subject.map(([first]) => first?.value),
      ['FR', 'Santé', 'x'],
    );
    assert.ok(extensionOf(read.value.tbs, OID.basicConstraints)?.critical);
    assert.equal(extensionOf(read.value.tbs, OID.keyUsage), null);
  });

  const tbsHex = (): string =>
    toHex(encodeTbs(tbsFor('p-256', { extensions: [writeBasicConstraints({ ca: false })] })));
  const replaced = (from: string, to: string) => (): string => {
    const hex = tbsHex();
    assert.equal(hex.split(from).length, 2, `${from} stands once`);
    return lengthened(hex.replace(from, to), (to.length - from.length) / 2);
  };
  const BC = '30090603551d1304023000';
  const EXTENSIONS = `a30d300b${BC}`;
  const VERSION = 'a003020102';
  const SPKI_END = '03420004';
  const cases: readonly (readonly [string, () => string, string])[] = [
    ['version 1 written out', replaced(VERSION, 'a003020100'), 'DEFAULT v1'],
    ['version 4', replaced(VERSION, 'a003020103'), 'not 1, 2 or 3'],
    ['extensions in version 2', replaced(VERSION, 'a003020101'), 'version 3 only'],
    ['extensions in version 1', replaced(VERSION, ''), 'version 3 only'],
    ['an extension twice', replaced(EXTENSIONS, `a3183016${BC}${BC}`), 'twice'],
    ['no extension in the list of extensions', replaced(EXTENSIONS, 'a3023000'), 'empty'],
    ['critical FALSE written out', replaced(EXTENSIONS, 'a310300e300c0603551d1301010004023000'), 'DEFAULT FALSE'],
    ['a unique identifier', replaced(EXTENSIONS, `81020000${EXTENSIONS}`), 'a member too many'],
    ['a field after the extensions', replaced(EXTENSIONS, `${EXTENSIONS}0500`), 'a member too many'],
    ['a key that is no whole octets', replaced(SPKI_END, '03420104'), ''],
    [
      'a serial number with a needless zero',
      replaced(`0210${toHex(SERIAL)}`, `021100${toHex(SERIAL)}`),
      'fewest octets',
    ],
  ];
  for (const [name, hex, rule] of cases) {
    it(`refuses ${name}`, () => {
      const der = fromHex(hex());
      assert.ok(der);
      const read = readTbs(der);
      assert.ok(!read.ok, 'accepted');
      assert.ok(read.error.rule.includes(rule), read.error.rule);
    });
  }

  it('returns a serial number that is not positive, for the lint to report', () => {
    const der = fromHex(replaced(`0210${toHex(SERIAL)}`, '0201ff')());
    assert.ok(der);
    const read = readTbs(der);
    assert.ok(read.ok);
    assert.deepEqual([...read.value.serialOctets], [0xff]);
  });

  it('does not compare the two algorithms, which the lint does', () => {
    const der = signed('p-256', tbsFor('p-256'));
    const hex = toHex(der);
    const outer = hex.lastIndexOf(toHex(algorithmIdentifierDer('ecdsaWithSha256')));
    const changed = fromHex(hex.slice(0, outer) + hex.slice(outer).replace('040302', '040303'));
    assert.ok(changed);
    const read = readCertificate(changed);
    assert.ok(read.ok && !equalBytes(read.value.signatureAlgorithmDer, read.value.tbs.signatureAlgorithmDer));
  });

  it('never throws on 10,000 mutated certificates, and accepts none with the octets of another', () => {
    const der = signed('p-256', tbsFor('p-256'));
    const mutation = fc.tuple(fc.nat({ max: der.length - 1 }), fc.nat({ max: 255 }), fc.nat({ max: 2 }));
    const property = fc.property(mutation, ([at, octet, kind]) => {
      const mutated =
        kind === 0
          ? der.with(at, octet)
          : Uint8Array.from([
              ...der.slice(0, at),
              ...(kind === 1 ? [octet] : []),
              ...der.slice(at + 1 - (kind === 1 ? 1 : 0)),
            ]);
      const read = readCertificate(mutated);
      if (read.ok) assert.ok(equalBytes(read.value.der, mutated));
    });
    fc.assert(property, { seed: 13, numRuns: 10_000 });
  });
});

/** Changes the outer length of a SEQUENCE (two octets long here). */
function lengthened(hex: string, octets: number): string {
  assert.ok(hex.startsWith('3082'));
  const length = Number.parseInt(hex.slice(4, 8), 16) + octets;
  return `3082${length.toString(16).padStart(4, '0')}${hex.slice(8)}`;
}

describe('the certificate writer throws for', () => {
  const bugs: readonly (readonly [string, Parameters<typeof tbsFor>[1]])[] = [
    ['a serial number of zero', { serial: new Uint8Array(16) }],
    ['a serial number of 21 octets', { serial: new Uint8Array(21).fill(1) }],
    [
      'an extension twice',
      { extensions: [writeBasicConstraints({ ca: false }), writeBasicConstraints({ ca: false })] },
    ],
    ['no extensions', { extensions: [] }],
    ['an end before the beginning', { validity: { notBefore: VALIDITY.notAfter, notAfter: VALIDITY.notBefore } }],
    ['an empty RDN', { subject: [[]] }],
    ['more than the size limit', { extensions: [{ oid: '1.2.3', critical: false, value: new Uint8Array(20_000) }] }],
  ];
  for (const [name, changes] of bugs)
    it(name, () => assert.throws(() => encodeTbs(tbsFor('p-256', changes)), AssertionFailed));
});
