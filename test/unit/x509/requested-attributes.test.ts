/**
 * What a request asks for besides key and subject. If this reader took a wrong attribute for a
 * right one, EST and CMP would compare the order with something that nobody asked for.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { bool, contextConstructed, octetString, oid, seq, setOf, utf8String } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { readSubjectAltName, writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import {
  readCertificationRequest,
  readCertificationRequestDer,
} from '../../../src/x509/request/certification-request.js';
import { readRequestedAttributes } from '../../../src/x509/request/requested-attributes.js';
import { inFolder, openssl } from '../asn1/openssl.js';
import { craftRequest, derOf } from './requests.js';

async function attributesOf(pem: string) {
  const read = await readCertificationRequest(pem);
  assert.ok(read.ok, JSON.stringify(read));
  return readRequestedAttributes(read.value.attributes);
}

const CONFIGURATION = `
[req]
distinguished_name = dn
attributes = attributes
req_extensions = extensions
prompt = no
[dn]
CN = lps.example.org
[attributes]
challengePassword = abcdefgh
[extensions]
subjectAltName = DNS:lps.example.org,email:a@example.org
keyUsage = critical,digitalSignature
basicConstraints = CA:FALSE
`;

function ofOpenssl(): string {
  return inFolder((folder) => {
    writeFileSync(`${folder}/r.cnf`, CONFIGURATION);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', `${folder}/k.pem`];
    openssl(['req', '-new', '-config', `${folder}/r.cnf`, ...key, '-out', `${folder}/r.pem`]);
    return readFileSync(`${folder}/r.pem`, 'utf8');
  });
}

const SAN = writeSubjectAltName([{ kind: 'dNSName', value: 'lps.example.org' }]);

const extension = (type: string, ...rest: readonly Bytes[]) => seq(oid(type), ...rest);
const attribute = (type: string, ...values: readonly Bytes[]) => seq(oid(type), setOf(values));
const crafted = (...attributes: readonly Bytes[]) =>
  craftRequest({ attributes: [contextConstructed(0, ...attributes)] });

describe('the attributes of a certification request', () => {
  it('are read as OpenSSL wrote them', async () => {
    const read = await attributesOf(ofOpenssl());
    assert.ok(read.ok, JSON.stringify(read));
    const { extensions, changesSubjectName, challengePassword } = read.value;
    assert.equal(challengePassword, 'abcdefgh');
    assert.equal(changesSubjectName, false);
    assert.deepEqual(
      extensions.map(({ oid: type, critical }) => [type, critical]),
      [
        [OID.subjectAltName, false],
        [OID.keyUsage, true],
        [OID.basicConstraints, false],
      ],
    );
    const names = readSubjectAltName(extensions[0]?.value ?? new Uint8Array(0));
    assert.deepEqual(names, {
      ok: true,
      value: [
        { kind: 'dNSName', value: 'lps.example.org' },
        { kind: 'rfc822Name', value: 'a@example.org' },
      ],
    });
  });

  it('are read from the DER as from the PEM', async () => {
    const pem = craftRequest();
    assert.deepEqual(await readCertificationRequestDer(derOf(pem)), await readCertificationRequest(pem));
  });

  it('ask for nothing when they are absent', async () => {
    const nothing = { extensions: [], changesSubjectName: false, challengePassword: null };
    assert.deepEqual(await attributesOf(craftRequest()), { ok: true, value: nothing });
  });

  it('may write that an extension is not critical, as some libraries do', async () => {
    const written = extension(SAN.oid, bool(false), octetString(SAN.value));
    const read = await attributesOf(crafted(attribute(OID.extensionRequest, seq(written))));
    assert.deepEqual(read.ok && read.value.extensions, [SAN]);
  });

  it('say that the subject is to be changed, whatever it is changed to', async () => {
    const read = await attributesOf(crafted(attribute(OID.changeSubjectName, utf8String('anything'))));
    assert.equal(read.ok && read.value.changesSubjectName, true);
  });

  const san = extension(SAN.oid, octetString(SAN.value));
  const request = attribute(OID.extensionRequest, seq(san));
  const wrong: readonly (readonly [string, Bytes])[] = [
    ['an extension twice', attribute(OID.extensionRequest, seq(san, san))],
    ['the attribute twice', concat([attribute(OID.extensionRequest, seq()), request])],
    ['two values', attribute(OID.extensionRequest, seq(), seq(san))],
    ['an extension without a value', attribute(OID.extensionRequest, seq(extension(SAN.oid)))],
    [
      'something after the value',
      attribute(OID.extensionRequest, seq(extension(SAN.oid, octetString(SAN.value), seq()))),
    ],
    ['no list', attribute(OID.extensionRequest, utf8String('x'))],
    ['a password that is no text', attribute(OID.challengePassword, seq())],
  ];
  for (const [what, attributes] of wrong)
    it(`are refused with ${what}`, async () => {
      const read = await attributesOf(crafted(attributes));
      assert.equal(read.ok || read.error.rule, 'request-attribute-well-formed');
    });
});
