import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { nullValue, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { toHex, utf8 } from '../../../src/kernel/bytes.js';
import {
  algorithmIdentifierDer,
  hashFor,
  importPublicKey,
  signatureAlgorithmFor,
  signatureAlgorithmOf,
  verifySignature,
} from '../../../src/x509/keys/algorithms.js';
import { HOLDER_KEY_TYPES, KEY_TYPES, type KeyType } from '../../../src/x509/model.js';
import { ecPair, pairOf, rsaSpki } from './keys.js';

const DATA = utf8('data');

function claimOf(keyType: KeyType) {
  const algorithm = signatureAlgorithmFor(keyType);
  const { spki, privateKey } = pairOf(keyType);
  const signature = new Uint8Array(sign(hashFor(algorithm), DATA, privateKey));
  return { spki, algorithm, data: DATA, signature };
}

describe('signature algorithms', () => {
  it('are encoded as their standards say, and recognised by exactly these octets', () => {
    const expected = {
      sha256WithRsaEncryption: seq(oid(OID.sha256WithRsaEncryption), nullValue()),
      ecdsaWithSha256: seq(oid(OID.ecdsaWithSha256)),
      ecdsaWithSha384: seq(oid(OID.ecdsaWithSha384)),
    } as const;
    for (const [name, der] of Object.entries(expected)) {
      assert.equal(signatureAlgorithmOf(der), name);
    }
    for (const keyType of KEY_TYPES) {
      const algorithm = signatureAlgorithmFor(keyType);
      assert.equal(toHex(algorithmIdentifierDer(algorithm)), toHex(expected[algorithm]));
    }
    assert.equal(signatureAlgorithmOf(seq(oid(OID.sha256WithRsaEncryption))), null);
    assert.equal(signatureAlgorithmOf(seq(oid(OID.ecdsaWithSha256), nullValue())), null);
    assert.equal(signatureAlgorithmOf(new Uint8Array(0)), null);
  });

  it('return octets that the caller may change', () => {
    algorithmIdentifierDer('ecdsaWithSha256').fill(0);
    assert.equal(toHex(algorithmIdentifierDer('ecdsaWithSha256')), '300a06082a8648ce3d040302');
  });

  for (const keyType of KEY_TYPES) {
    it(`verify what a ${keyType} key signed, and nothing else`, () => {
      const claim = claimOf(keyType);
      const { signature } = claim;
      assert.ok(verifySignature(claim));
      assert.ok(verifySignature(claim), 'with the key from the cache');
      assert.equal(verifySignature({ ...claim, data: utf8('date') }), false);
      assert.equal(verifySignature({ ...claim, signature: signature.with(8, (signature[8] as number) ^ 1) }), false);
      assert.equal(verifySignature({ ...claim, signature: signature.subarray(1) }), false);
      assert.equal(verifySignature({ ...claim, signature: Uint8Array.from([...signature, 0]) }), false);
      assert.equal(verifySignature({ ...claim, signature: new Uint8Array(0) }), false);
    });
  }

  it('of another kind of key, or for a malformed key, verify nothing and never throw', () => {
    const claim = claimOf('rsa-2048');
    assert.equal(verifySignature({ ...claim, algorithm: 'ecdsaWithSha256' }), false);
    assert.equal(verifySignature({ ...claimOf('p-256'), algorithm: 'sha256WithRsaEncryption' }), false);
    assert.equal(verifySignature({ ...claim, spki: Uint8Array.of(0x30, 0) }), false);
    assert.equal(verifySignature({ ...claim, spki: new Uint8Array(0) }), false);
  });

  it('still verify after more keys than the cache holds', () => {
    const claim = claimOf('p-256');
    const { privateKey } = ecPair('prime256v1');
    for (let at = 0; at < 300; at += 1) {
      verifySignature({
        ...claim,
        spki: rsaSpki((1n << 2_047n) + BigInt(2 * at + 1)),
        algorithm: 'sha256WithRsaEncryption',
      });
    }
    assert.ok(verifySignature({ ...claim, signature: new Uint8Array(sign('sha256', DATA, privateKey)) }));
  });
});

describe('importing a public key', () => {
  for (const keyType of HOLDER_KEY_TYPES) {
    it(`gives the ${keyType} key of exactly these octets`, () => {
      const { spki } = pairOf(keyType);
      const key = importPublicKey(spki);
      assert.ok(key);
      assert.equal(toHex(new Uint8Array(key.export({ format: 'der', type: 'spki' }))), toHex(spki));
    });
  }

  it('gives nothing for a point that is not on its curve', () => {
    for (const keyType of ['p-256', 'p-384', 'p-521', 'brainpool-p256r1', 'brainpool-p384r1'] as const) {
      const { spki } = pairOf(keyType);
      const last = spki.length - 1;
      assert.equal(importPublicKey(spki.with(last, (spki[last] as number) ^ 1)), null, keyType);
    }
  });
});
