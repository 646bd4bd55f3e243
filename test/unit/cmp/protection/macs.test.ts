/**
 * The MACs of CMP against OpenSSL, the samples of NIST and messages of `openssl cmp`. Without
 * these, a client could be refused although its MAC is right, or the work for a stranger could be
 * unlimited.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { children, objectIdentifier, parseDer } from '../../../../src/asn1/der-reader.js';
import { integer, nullValue, octetString, oid, seq } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import type { AlgorithmIdentifier } from '../../../../src/cmp/model.js';
import { readProtectionAlgorithm } from '../../../../src/cmp/protection/algorithms.js';
import { withFreshSalt } from '../../../../src/cmp/protection/fresh-salt.js';
import type { Mac } from '../../../../src/cmp/protection/mac.js';
import { signatureVerifies } from '../../../../src/cmp/protection/signature.js';
import { present } from '../../../../src/kernel/assert.js';
import { type Bytes, fromHex, toHex, utf8 } from '../../../../src/kernel/bytes.js';
import { identifierOf, passwordBasedMac, pbmac1, SALT } from '../../../support/cmp/algorithms.js';
import { MAC_LIMITS } from '../../../support/cmp/mac-limits.js';

const SECRET_TEXT = '5XK2QPZ7MA3WTN4E5XK2QPZ7MA3WTN4E';
const SECRET = utf8(SECRET_TEXT);
const DATA = utf8('what is protected');
const HASHES = [
  { name: 'SHA224', oid: OID.hmacWithSha224 },
  { name: 'SHA256', oid: OID.hmacWithSha256 },
  { name: 'SHA384', oid: OID.hmacWithSha384 },
  { name: 'SHA512', oid: OID.hmacWithSha512 },
  { name: 'SHA3-224', oid: OID.hmacWithSha3With224 },
  { name: 'SHA3-256', oid: OID.hmacWithSha3With256 },
  { name: 'SHA3-384', oid: OID.hmacWithSha3With384 },
  { name: 'SHA3-512', oid: OID.hmacWithSha3With512 },
] as const;

function macOf(asked: AlgorithmIdentifier): Mac {
  const read = readProtectionAlgorithm(asked, MAC_LIMITS);
  assert.ok(read.ok && read.value.kind === 'mac', JSON.stringify(read));
  return read.value.mac;
}

async function compute(asked: AlgorithmIdentifier, data: Bytes = DATA, secret: Bytes = SECRET): Promise<string> {
  const { derivation, compute: mac } = macOf(asked);
  return toHex(mac(derivation === null ? secret : await derivation.derive(secret, async () => {}), data));
}

describe('the protection of CMP messages', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-macs-'));
    writeFileSync(join(folder, 'data'), DATA);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const openssl = (...args: readonly string[]): string =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  const hexOf = (printed: string): string => printed.replace(/[\s:]/g, '').toLowerCase();

  const opensslMac = (key: Bytes, name: string, ...options: readonly string[]): string => {
    const asked = [`hexkey:${toHex(key)}`, ...options].flatMap((one) => ['-macopt', one]);
    return hexOf(openssl('mac', ...asked, '-in', 'data', name));
  };

  it('is HMAC with each hash as OpenSSL computes it, with parameters absent or NULL', async () => {
    for (const { name, oid: algorithm } of HASHES) {
      const expected = opensslMac(SECRET, 'HMAC', `digest:${name}`);
      assert.equal(await compute(identifierOf(algorithm)), expected, name);
      assert.equal(await compute(identifierOf(algorithm, nullValue())), expected, name);
    }
  });

  it('is KMAC as OpenSSL computes it, and as the samples of NIST say', async () => {
    const custom = octetString(utf8('PFCNG'));
    for (const [algorithm, name, octets] of [
      [OID.kmacWithShake128, 'KMAC-128', 32],
      [OID.kmacWithShake256, 'KMAC-256', 64],
    ] as const) {
      assert.equal(await compute(identifierOf(algorithm)), opensslMac(SECRET, name, `size:${octets}`));
      const written = identifierOf(algorithm, seq(integer(384), custom));
      assert.equal(await compute(written), opensslMac(SECRET, name, 'size:48', 'custom:PFCNG'));
    }
    // KMAC_samples.pdf of NIST, samples 1, 2 and 4.
    const key = Uint8Array.from({ length: 32 }, (_, at) => 0x40 + at);
    const data = Uint8Array.of(0, 1, 2, 3);
    const tagged = seq(octetString(utf8('My Tagged Application')));
    const samples: readonly (readonly [AlgorithmIdentifier, string])[] = [
      [identifierOf(OID.kmacWithShake128), 'e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e'],
      [identifierOf(OID.kmacWithShake128, tagged), '3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5'],
      [
        identifierOf(OID.kmacWithShake256, tagged),
        '20c570c31346f703c9ac36c61c03cb64c3970d0cfc787e9b79599d273a68d2f7' +
          'f69d4cc3de9d104a351689f27cf6f5951f0103f33f4f24871024d9c27773a8dd',
      ],
    ];
    for (const [asked, expected] of samples) assert.equal(await compute(asked, data, key), expected);
  });

  it('is PBMAC1 with the key that OpenSSL derives, of the length of the hash where none is given', async () => {
    for (const { name, prf, length } of [
      { name: 'SHA256', prf: 'SHA256', length: 32 },
      { name: 'SHA512', prf: 'SHA512', length: null },
      { name: 'SHA3-256', prf: 'SHA256', length: 64 },
    ] as const) {
      const octets = length ?? 64;
      const options = [`digest:${prf}`, `hexpass:${toHex(SECRET)}`, `hexsalt:${toHex(SALT)}`, 'iter:1234'];
      const asked = options.flatMap((one) => ['-kdfopt', one]);
      const key = present(fromHex(hexOf(openssl('kdf', '-keylen', String(octets), ...asked, 'PBKDF2'))), 'a key');
      const expected = opensslMac(key, 'HMAC', `digest:${name}`);
      const hmacs = new Map<string, string>(HASHES.map((one) => [one.name, one.oid]));
      const prfOid = present(hmacs.get(prf), prf);
      const form = { iterations: 1234, length, prf: seq(oid(prfOid)), mac: seq(oid(present(hmacs.get(name), name))) };
      assert.equal(await compute(pbmac1(form)), expected, name);
      const blocks = Math.ceil(octets / (prf === 'SHA256' ? 32 : 64));
      assert.equal(macOf(pbmac1(form)).derivation?.iterations, 1234 * blocks);
    }
  });

  it('is PasswordBasedMac as openssl cmp makes it, with several hashes', async () => {
    for (const [digest, mac] of [
      ['sha256', 'hmacWithSHA256'],
      ['sha512', 'hmacWithSHA384'],
      ['sha3-256', 'hmacWithSHA256'],
    ] as const) {
      const secret = ['-ref', 'K7QMB2Z5WA3XTN4E', '-secret', `pass:${SECRET_TEXT}`];
      const { algorithm, protectedPart, protection } = requestOf(...secret, '-digest', digest, '-mac', mac);
      assert.equal(await compute(algorithm, protectedPart), toHex(protection), digest);
      assert.notEqual(await compute(algorithm, protectedPart, utf8(`${SECRET_TEXT}A`)), toHex(protection), digest);
    }
  });

  it('is a signature as openssl cmp makes it, and of no other message', async () => {
    for (const [name, digest, ...kind] of [
      ['ec', 'sha256', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ['ec', 'sha224', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ['rsa', 'sha256', '-newkey', 'rsa:2048'],
      ['rsa', 'sha224', '-newkey', 'rsa:2048'],
      ['ed25519', 'sha256', '-newkey', 'ed25519'],
    ] as const) {
      const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`, '-noenc', '-days', '2'];
      openssl('req', '-x509', ...kind, ...files);
      const request = requestOf('-cert', `${name}.crt`, '-key', `${name}.key`, '-digest', digest);
      const read = readProtectionAlgorithm(request.algorithm, MAC_LIMITS);
      assert.ok(read.ok && read.value.kind === 'signature', name);
      const spki = keyOf('x509', '-in', `${name}.crt`, '-pubkey', '-noout');
      const { protectedPart: data, protection: signature } = request;
      const { algorithm } = read.value;
      assert.equal(await signatureVerifies(algorithm, { spki, data, signature }), true, name);
      const changed = data.map((octet, at) => (at === 40 ? octet ^ 1 : octet));
      assert.equal(await signatureVerifies(algorithm, { spki, data: changed, signature }), false, name);
      const another = keyOf('pkey', '-in', 'new.key', '-pubout');
      assert.equal(await signatureVerifies(algorithm, { spki: another, data, signature }), false, name);
    }
  });

  it('has another salt in an answer, and nothing else that differs', () => {
    const fresh = (octets: number): Bytes => new Uint8Array(octets).fill(7);
    const useOf = (identifier: AlgorithmIdentifier) =>
      ({
        kind: 'mac',
        identifier,
        mac: macOf(identifier),
        reference: 'r',
        network: '192.0.2.1',
        secret: SECRET,
      }) as const;
    for (const identifier of [passwordBasedMac({}), pbmac1({})]) {
      const use = useOf(identifier);
      const changed = withFreshSalt(use, { random: fresh, limits: MAC_LIMITS });
      assert.deepEqual(changed.mac.derivation?.salt, fresh(SALT.length));
      assert.equal(toHex(changed.identifier.der), toHex(identifier.der).replace(toHex(SALT), '07'.repeat(SALT.length)));
      assert.equal(changed.mac.derivation?.iterations, use.mac.derivation?.iterations);
    }
    const identifier = identifierOf(OID.hmacWithSha256);
    const hmac = useOf(identifier);
    assert.equal(withFreshSalt(hmac, { random: fresh, limits: MAC_LIMITS }), hmac);
  });

  it('has limits that are compared before any work', () => {
    const broken: readonly (readonly [AlgorithmIdentifier, RegExp])[] = [
      [passwordBasedMac({ iterations: 1_000_000_000 }), /iterationCount must be 100 to 100000/],
      [passwordBasedMac({ iterations: 100_001 }), /iterationCount/],
      [passwordBasedMac({ iterations: 99 }), /iterationCount/],
      [passwordBasedMac({ salt: new Uint8Array(7) }), /salt must have 8 to 64 octets/],
      [passwordBasedMac({ salt: new Uint8Array(65) }), /salt must have 8 to 64 octets/],
      [passwordBasedMac({ owf: seq(oid(OID.sha1)) }), /SHA-1 is not accepted/],
      [passwordBasedMac({ mac: seq(oid(OID.hmacSha1OfCmp)) }), /-mac hmacWithSHA256/],
      [passwordBasedMac({ mac: seq(oid(OID.hmacWithSha1)) }), /SHA-1/],
      [passwordBasedMac({ mac: seq(oid('1.3.14.3.2.10')) }), /1\.3\.14\.3\.2\.10 is not accepted/],
      [identifierOf(OID.passwordBasedMac), /PBMParameter is absent/],
      [identifierOf(OID.passwordBasedMac, nullValue()), /PBMParameter/],
      [pbmac1({ iterations: 1_000_000_000 }), /iterationCount must be 1 to 500000/],
      [pbmac1({ iterations: 500_001 }), /iterationCount/],
      [pbmac1({ iterations: 0 }), /iterationCount/],
      [pbmac1({ salt: new Uint8Array(7) }), /salt/],
      [pbmac1({ salt: new Uint8Array(65) }), /salt/],
      [pbmac1({ length: 15 }), /keyLength must be 16 to 64/],
      [pbmac1({ length: 65 }), /keyLength/],
      [pbmac1({ prf: null }), /prf: SHA-1/],
      [pbmac1({ prf: seq(oid(OID.hmacWithSha1)) }), /prf: SHA-1/],
      [pbmac1({ mac: seq(oid(OID.hmacWithSha1)) }), /messageAuthScheme: SHA-1/],
      // scrypt (RFC 7914 section 7).
      [pbmac1({ derivation: '1.3.6.1.4.1.11591.4.11' }), /PBKDF2 is/],
      [identifierOf(OID.pbmac1), /parameters are absent/],
      [identifierOf(OID.hmacWithSha1), /SHA-1/],
      [identifierOf('1.3.6.1.5.5.8.1.1'), /1\.3\.6\.1\.5\.5\.8\.1\.1/],
      [identifierOf(OID.hmacWithSha256, integer(1)), /HMAC/],
      [identifierOf(OID.kmacWithShake128, seq(integer(248))), /256 to 512 bits/],
      [identifierOf(OID.kmacWithShake128, seq(integer(260))), /256 to 512 bits/],
      [identifierOf(OID.kmacWithShake256, seq(integer(520))), /256 to 512 bits/],
      [identifierOf(OID.kmacWithShake256, seq(octetString(new Uint8Array(65)))), /at most 64 octets/],
      [identifierOf(OID.kmacWithShake256, nullValue()), /KMAC/],
      [identifierOf(OID.aes128Gmac), /GMAC is not accepted/],
      [identifierOf(OID.aes256Gmac), /GMAC is not accepted/],
      [identifierOf(OID.sha1WithRsaEncryption, nullValue()), /SHA-1/],
      [identifierOf(OID.md5WithRsaEncryption, nullValue()), /MD5/],
      [identifierOf(OID.ecdsaWithSha1), /SHA-1/],
      // DSA with SHA-256 (RFC 5758 3.1).
      [identifierOf('2.16.840.1.101.3.4.3.2'), /2\.16\.840\.1\.101\.3\.4\.3\.2/],
      [identifierOf(OID.ecdsaWithSha256, nullValue()), /parameters: absent/],
    ];
    for (const [asked, expected] of broken) {
      const read = readProtectionAlgorithm(asked, MAC_LIMITS);
      assert.ok(!read.ok, asked.oid);
      assert.match(read.error, expected);
    }
    for (const asked of [
      passwordBasedMac({ iterations: 100, salt: new Uint8Array(8) }),
      passwordBasedMac({ iterations: 100_000, salt: new Uint8Array(64), owf: seq(oid(OID.sha3With512), nullValue()) }),
      pbmac1({ iterations: 1, length: 16, salt: new Uint8Array(8) }),
      pbmac1({ iterations: 500_000, length: 64, salt: new Uint8Array(64) }),
      identifierOf(OID.kmacWithShake128, seq(integer(512), octetString(new Uint8Array(64)))),
      identifierOf(OID.kmacWithShake256, seq(integer(256))),
    ])
      macOf(asked);
  });

  /** A certification request that OpenSSL writes to a file instead of sending it. */
  function requestOf(...protection: readonly string[]) {
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'new.key');
    const asked = ['-cmd', 'ir', '-recipient', '/CN=CA', '-newkey', 'new.key', '-subject', '/CN=APP-1'];
    openssl('cmp', '-config', '', '-server', 'localhost:1', ...asked, '-reqout_only', 'request.der', ...protection);
    const octets = new Uint8Array(readFileSync(join(folder, 'request.der')));
    const read = parseDer(octets, (root) => {
      const [header, body, sent] = children(root);
      const members = children(present(header, 'header'));
      const algorithm = present(
        members.find(({ tag }) => tag === 0xa1),
        'protectionAlg',
      );
      const [type, parameters = null] = children(present(children(algorithm)[0], 'AlgorithmIdentifier'));
      return {
        algorithm: identifierOf(objectIdentifier(present(type, 'type'), 'type'), parameters?.whole ?? null),
        protectedPart: seq(present(header, 'header').whole, present(body, 'body').whole),
        protection: present(children(present(sent, 'protection'))[0], 'protection').content.slice(1),
      };
    });
    assert.ok(read.ok, JSON.stringify(read));
    return read.value;
  }

  /** The SubjectPublicKeyInfo that OpenSSL prints as PEM. */
  function keyOf(...command: readonly string[]): Bytes {
    const base64 = openssl(...command).replace(/-----[^-]+-----|\s/g, '');
    return new Uint8Array(Buffer.from(base64, 'base64'));
  }
});
