import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import {
  contextConstructed,
  integer,
  nullValue,
  oid,
  seq,
  setOf,
  tagged,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, concat, equalBytes } from '../../../src/kernel/bytes.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { checkPublicKey } from '../../../src/x509/keys/key-checks.js';
import { HOLDER_KEY_TYPES, type HolderKeyType, KEY_TYPES } from '../../../src/x509/model.js';
import { readCertificationRequest } from '../../../src/x509/request/certification-request.js';
import { makeKeyAndRequest } from '../../../src/x509/request/make-request.js';
import { englishIn } from '../../support/english.js';
import { ecPair, pairOf, rsaPair, rsaSpki } from './keys.js';
import { algorithm, craftRequest, derOf, EC, type OpensslRequest, opensslRequest, pemOf, RSA } from './requests.js';

const RSA_2048: OpensslRequest = { key: RSA(2048) };
const P256: OpensslRequest = { key: EC('P-256') };
const PSS = ['-sigopt', 'rsa_padding_mode:pss'];

const GOOD: readonly (readonly [string, OpensslRequest, HolderKeyType | null])[] = [
  ['RSA-2048', RSA_2048, 'rsa-2048'],
  ['RSA-3072', { key: RSA(3072) }, 'rsa-3072'],
  ['RSA-4096', { key: RSA(4096) }, 'rsa-4096'],
  ['P-256', P256, 'p-256'],
  ['P-384', { key: EC('P-384') }, 'p-384'],
  ['P-521', { key: EC('P-521') }, 'p-521'],
  ['P-521 with SHA-512', { key: EC('P-521'), request: ['-sha512'] }, 'p-521'],
  ['brainpoolP256r1', { key: EC('brainpoolP256r1') }, 'brainpool-p256r1'],
  ['brainpoolP384r1 with SHA-384', { key: EC('brainpoolP384r1'), request: ['-sha384'] }, 'brainpool-p384r1'],
  ['Ed25519', { key: ['-algorithm', 'ED25519'] }, 'ed25519'],
  ['RSA-1024, whose key is refused only afterwards', { key: RSA(1024) }, null],
  ['RSA-2048 with SHA-384', { key: RSA(2048), request: ['-sha384'] }, 'rsa-2048'],
  ['RSA-2048 with SHA-512', { key: RSA(2048), request: ['-sha512'] }, 'rsa-2048'],
  ['P-256 with SHA-384', { key: EC('P-256'), request: ['-sha384'] }, 'p-256'],
  ['P-384 with SHA-512', { key: EC('P-384'), request: ['-sha512'] }, 'p-384'],
  ['RSA-2048 with PSS', { key: RSA(2048), request: ['-sha256', ...PSS] }, 'rsa-2048'],
  [
    'RSA-2048 with PSS, SHA-512, 64 octets of salt',
    { key: RSA(2048), request: ['-sha512', ...PSS, '-sigopt', 'rsa_pss_saltlen:64'] },
    'rsa-2048',
  ],
  [
    'RSA-2048 with PSS, 20 octets of salt',
    { key: RSA(2048), request: ['-sha256', ...PSS, '-sigopt', 'rsa_pss_saltlen:20'] },
    'rsa-2048',
  ],
  ['RSA-2048 under the older label', { key: RSA(2048), request: ['-newhdr'] }, 'rsa-2048'],
];

describe('a certification request of OpenSSL', () => {
  for (const [name, options, keyType] of GOOD) {
    it(`is read and verified: ${name}`, async () => {
      const pem = opensslRequest(options);
      const read = await readCertificationRequest(pem);
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual(read.value.attributes, []);
      assert.deepEqual(
        read.value.subject.flat().map(({ value }) => value),
        ['FR', 'Élodie'],
      );
      createPublicKey({ key: Buffer.from(read.value.key.spki), format: 'der', type: 'spki' });
      const weak = checkPublicKey(read.value.key.spki, keyType === null ? HOLDER_KEY_TYPES : [keyType]).map(
        ({ rule }) => rule,
      );
      assert.deepEqual(weak, keyType === null ? ['key-type-allowed'] : []);
    });
  }

  it('has its attributes returned, extensions asked for among them', async () => {
    const pem = opensslRequest({ ...P256, request: ['-addext', 'subjectAltName=DNS:bank.example'] });
    const read = await readCertificationRequest(pem);
    assert.ok(read.ok);
    assert.equal(read.value.attributes.map(({ type }) => type).join(), OID.extensionRequest);
  });

  it('is read with Windows line ends and surrounding space', async () => {
    const pem = opensslRequest(P256);
    const read = await readCertificationRequest(`\r\n${pem.replaceAll('\n', '\r\n')}\r\n`);
    assert.ok(read.ok);
  });
});

describe('a request of our own code', () => {
  for (const keyType of KEY_TYPES.filter((type) => type !== 'rsa-4096')) {
    it(`for ${keyType} is read, verified and has a sound key`, async () => {
      const { keyPem, csrPem } = await makeKeyAndRequest({ keyType, commonName: 'Élodie' });
      const read = await readCertificationRequest(csrPem);
      assert.ok(read.ok);
      assert.deepEqual(read.value.subject, [[{ type: OID.commonName, form: 'utf8String', value: 'Élodie' }]]);
      assert.deepEqual(checkPublicKey(read.value.key.spki, [keyType]), []);
      const spki = createPublicKey(keyPem).export({ format: 'der', type: 'spki' });
      assert.ok(equalBytes(spki, read.value.key.spki), 'the private key is that of the request');
      assert.match(keyPem, /^-----BEGIN PRIVATE KEY-----\n/);
    });
  }
});

function flipped(pem: string, fromEnd: number): string {
  const der = derOf(pem);
  const at = der.length - fromEnd;
  return pemOf(der.with(at, (der[at] as number) ^ 1));
}

const attribute = (type: string, ...values: readonly Bytes[]): Bytes => seq(oid(type), setOf(values));
const pss = (...members: readonly Bytes[]): Bytes => algorithm(OID.rsassaPss, seq(...members));
const hash = (number: number, dotted: string): Bytes => contextConstructed(number, algorithm(dotted));
const mask = (dotted: string): Bytes => contextConstructed(1, algorithm(OID.mgf1, algorithm(dotted)));
const offCurve = (): Bytes => pairOf('p-256').spki.map((octet, at, all) => (at === all.length - 1 ? octet ^ 1 : octet));
const large = (): Bytes => rsaSpki((1n << 8_300n) + 1n);
const body = (pem: string): string => pem.split('\n').slice(1, -2).join('\n');

/** Its name, the request, the rule that rejects it, and a part of the message. */
const BAD: readonly (readonly [string, () => string, string, string])[] = [
  ['nothing', () => '', 'request-is-pem', 'does not begin'],
  ['text', () => 'please', 'request-is-pem', 'does not begin'],
  [
    'DER instead of PEM',
    () => Buffer.from(derOf(craftRequest())).toString('latin1'),
    'request-is-pem',
    'does not begin',
  ],
  ['base64 without its frame', () => body(craftRequest()), 'request-is-pem', 'does not begin'],
  ['a certificate', () => craftRequest().replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE'), 'request-is-pem', 'label'],
  ['two requests', () => craftRequest() + craftRequest(), 'request-is-pem', 'after the block'],
  ['text before the request', () => `hello\n${craftRequest()}`, 'request-is-pem', 'does not begin'],
  ['a block without an end', () => craftRequest().replace(/-----END.*/, ''), 'request-is-pem', 'no line -----END'],
  [
    'another label at its end',
    () => craftRequest().replace('END CERTIFICATE', 'END NEW CERTIFICATE'),
    'request-is-pem',
    'no line',
  ],
  [
    'a space inside the base64',
    () => craftRequest().replace('MII', 'M II').replace('MIG', 'M IG').replace('MIH', 'M IH'),
    'request-is-pem',
    'canonical',
  ],
  ['an empty block', () => pemOf(new Uint8Array(0)), 'request-is-pem', 'empty'],
  [
    'more than the size limit',
    () => 'x'.repeat(LIMITS.certificationRequestBytesMax + 1),
    'request-within-size',
    'longer than',
  ],
  ['garbage', () => pemOf(Uint8Array.of(1, 2, 3)), 'request-well-formed', 'octet 0'],
  [
    'an octet after the request',
    () => pemOf(concat([derOf(craftRequest()), Uint8Array.of(0)])),
    'request-well-formed',
    'trailing',
  ],
  ['a member after the signature', () => craftRequest({ after: nullValue() }), 'request-well-formed', 'too many'],
  ['version 2', () => craftRequest({ version: 1 }), 'request-well-formed', 'not v1'],
  [
    'a subject that is no name',
    () => craftRequest({ subject: seq(integer(1)) }),
    'request-well-formed',
    '0x31 expected',
  ],
  [
    'a subject in BMPString',
    () => craftRequest({ subject: seq(setOf([seq(oid(OID.commonName), tagged(0x1e, Uint8Array.of(0, 65)))])) }),
    'request-well-formed',
    'bmpString',
  ],
  [
    'an attribute without values',
    () => craftRequest({ attributes: [contextConstructed(0, attribute(OID.extensionRequest))] }),
    'request-well-formed',
    'empty',
  ],
  [
    'attributes out of order',
    () =>
      craftRequest({
        attributes: [contextConstructed(0, attribute('1.3.9', nullValue()), attribute('1.2.9', nullValue()))],
      }),
    'request-well-formed',
    'not in order',
  ],
  [
    'an attribute outside its set',
    () => craftRequest({ attributes: [contextConstructed(0), nullValue()] }),
    'request-well-formed',
    'too many',
  ],
  [
    'ECDSA with parameters',
    () => craftRequest({ algorithm: algorithm(OID.ecdsaWithSha256, nullValue()) }),
    'request-well-formed',
    'absent with ECDSA',
  ],
  [
    'SHA-1 with RSA',
    () => opensslRequest({ key: RSA(2048), request: ['-sha1'] }),
    'request-algorithm-accepted',
    'SHA-1',
  ],
  [
    'SHA-1 with ECDSA',
    () => opensslRequest({ key: EC('P-256'), request: ['-sha1'] }),
    'request-algorithm-accepted',
    'SHA-1',
  ],
  [
    'MD5',
    () => craftRequest({ algorithm: algorithm(OID.md5WithRsaEncryption, nullValue()) }),
    'request-algorithm-accepted',
    'MD5',
  ],
  ['Ed448', () => opensslRequest({ key: ['-algorithm', 'ED448'] }), 'request-algorithm-accepted', '1.3.101.113'],
  [
    'Ed25519 with parameters',
    () => craftRequest({ algorithm: algorithm(OID.ed25519, nullValue()) }),
    'request-well-formed',
    'absent with Ed25519',
  ],
  [
    'an Ed25519 signature for an EC key',
    () => craftRequest({ algorithm: algorithm(OID.ed25519) }),
    'request-algorithm-fits-key',
    'EC keys',
  ],
  [
    'an ECDSA signature for an Ed25519 key',
    () => craftRequest({ spki: pairOf('ed25519').spki }),
    'request-algorithm-fits-key',
    'Ed25519 keys',
  ],
  ['PSS by default, which is SHA-1', () => craftRequest({ algorithm: pss() }), 'request-algorithm-accepted', 'SHA-1'],
  [
    'PSS with another hash in its mask',
    () => craftRequest({ algorithm: pss(hash(0, OID.sha256), mask(OID.sha1)) }),
    'request-algorithm-accepted',
    'the same for its mask',
  ],
  [
    'PSS with a salt of 65 octets',
    () => craftRequest({ algorithm: pss(hash(0, OID.sha256), mask(OID.sha256), contextConstructed(2, integer(65))) }),
    'request-algorithm-accepted',
    '64 octets',
  ],
  [
    'PSS without parameters',
    () => craftRequest({ algorithm: algorithm(OID.rsassaPss) }),
    'request-well-formed',
    'has them',
  ],
  [
    'an algorithm of another kind of key',
    () => craftRequest({ algorithm: algorithm(OID.sha256WithRsaEncryption, nullValue()) }),
    'request-algorithm-fits-key',
    'EC keys',
  ],
  ['an unknown curve', () => opensslRequest({ key: EC('secp256k1') }), 'request-key-usable', 'curve'],
  [
    'explicit curve parameters',
    () => opensslRequest({ key: [...EC('P-256'), '-pkeyopt', 'ec_param_enc:explicit'] }),
    'request-key-usable',
    'by its name',
  ],
  ['a point off its curve', () => craftRequest({ spki: offCurve() }), 'request-key-usable', 'on the curve'],
  [
    'a modulus too large to be verified',
    () => craftRequest({ spki: large(), algorithm: algorithm(OID.sha256WithRsaEncryption) }),
    'request-key-usable',
    'too large',
  ],
  [
    'the key of another',
    () => craftRequest({ spki: ecPair('secp384r1').spki }),
    'request-signature-verifies',
    'not signed by',
  ],
  [
    'another hash than was signed',
    () => craftRequest({ algorithm: algorithm(OID.ecdsaWithSha384) }),
    'request-signature-verifies',
    'not signed by',
  ],
  [
    'a changed octet of the signature',
    () => flipped(opensslRequest(RSA_2048), 1),
    'request-signature-verifies',
    'not signed by',
  ],
  [
    'a changed letter of the subject',
    () => changedSubject(opensslRequest(RSA_2048)),
    'request-signature-verifies',
    'not signed by',
  ],
  [
    'an RSA-512 key too small for its algorithm',
    () =>
      craftRequest({
        signer: rsaPair(512),
        algorithm: pss(hash(0, OID.sha512), mask(OID.sha512), contextConstructed(2, integer(64))),
      }),
    'request-signature-verifies',
    'not signed by',
  ],
];

/** Changes the last letter of `Élodie`. */
function changedSubject(pem: string): string {
  const name = utf8String('Élodie');
  const der = derOf(pem);
  const at = Buffer.from(der).indexOf(name);
  assert.ok(at > 0);
  return flipped(pem, der.length - (at + name.length - 1));
}

describe('a certification request is rejected by its own rule:', () => {
  for (const [name, make, rule, message] of BAD) {
    it(name, async () => {
      const read = await readCertificationRequest(make());
      assert.ok(!read.ok, 'accepted');
      assert.equal(read.error.rule, rule, read.error.message.en);
      assert.ok(read.error.message.en.includes(message), read.error.message.en);
      assert.deepEqual(englishIn(read.error.message.fr), []);
      const malformed = ['request-within-size', 'request-is-pem', 'request-well-formed'].includes(rule);
      assert.equal(read.error.kind, malformed ? 'request-malformed' : 'proof-of-possession-failed');
    });
  }
});

describe('20,000 mutated certification requests', () => {
  const ROUNDS = 20_000;
  /** Pseudorandom numbers that are the same in every run (mulberry32). */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
  }

  function mutate(der: Bytes, next: (below: number) => number): Bytes {
    const at = next(der.length);
    switch (next(5)) {
      case 0:
        return der.with(at, next(256));
      case 1:
        return der.with(at, (der[at] as number) ^ (1 << next(8)));
      case 2:
        return concat([der.subarray(0, at), der.subarray(at + 1 + next(4))]);
      case 3:
        return concat([der.subarray(0, at), Uint8Array.of(next(256)), der.subarray(at)]);
      default: {
        // Copies a piece of the request to another place; the length stays the same.
        const copy = der.slice();
        copy.set(der.subarray(at, at + 1 + next(12)), Math.min(next(der.length), der.length - 12));
        return copy;
      }
    }
  }

  it('never throw, and only the original is accepted', async () => {
    const originals = [P256, RSA_2048, { key: RSA(2048), request: ['-sha256', ...PSS] }].map((o) =>
      derOf(opensslRequest(o)),
    );
    const next = numbers(20_260_301);
    const refusals = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const original = originals[round % originals.length] as Bytes;
      const mutated = mutate(original, next);
      const read = await readCertificationRequest(pemOf(mutated));
      if (read.ok)
        assert.ok(equalBytes(mutated, original), `round ${round}: ${Buffer.from(mutated).toString('base64')}`);
      else refusals.set(read.error.rule, (refusals.get(read.error.rule) ?? 0) + 1);
    }
    assert.ok((refusals.get('request-well-formed') ?? 0) > 1_000);
    assert.ok((refusals.get('request-signature-verifies') ?? 0) > 1_000);
  });

  it('never throw when the text is mutated', async () => {
    const pem = opensslRequest(P256);
    const next = numbers(7);
    for (let round = 0; round < 3_000; round += 1) {
      const at = next(pem.length);
      const mutated = pem.slice(0, at) + String.fromCodePoint(next(0x300)) + pem.slice(at + next(3));
      const read = await readCertificationRequest(mutated);
      if (read.ok) assert.equal(mutated.replace(/\s/g, ''), pem.replace(/\s/g, ''));
    }
  });
});
