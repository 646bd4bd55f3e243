import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { isKeyType, TOKEN_KEY_TYPE_FACTS, TOKEN_KEY_TYPES } from '../../../../hsm/pkcs11/keys/key-types.js';
import { SCHEMES, schemesOf, signatureInput } from '../../../../hsm/pkcs11/keys/mechanisms.js';
import { mlDsaPublicKey } from '../../../../hsm/pkcs11/keys/public-key.js';
import { KEY_TYPES } from '../../../../src/x509/model.js';

describe('mechanisms', () => {
  it('every key type has a scheme, and the first of RSA is PKCS#1 v1.5', () => {
    for (const keyType of TOKEN_KEY_TYPES) assert(schemesOf(keyType).length > 0, keyType);
    assert.deepEqual(schemesOf('rsa-3072'), ['rsa-pkcs1', 'rsa-pss']);
  });

  it('exactly the key types of the policy sign certificates', () => {
    assert.deepEqual(TOKEN_KEY_TYPES.filter(isKeyType), [...KEY_TYPES]);
  });

  it('a token that does not hash gets a digest or DigestInfo, however long the message is', () => {
    const message = new Uint8Array(1_000_000);
    for (const keyType of ['rsa-2048', 'p-256', 'p-384', 'p-521'] as const) {
      for (const scheme of schemesOf(keyType)) {
        const input = signatureInput(keyType, { scheme, message });
        const facts = TOKEN_KEY_TYPE_FACTS[keyType];
        assert('hash' in facts);
        const digest = createHash(facts.hash).update(message).digest();
        assert(input.subarray(-digest.length).equals(digest));
        assert.equal(input.length, digest.length + (scheme === 'rsa-pkcs1' ? 19 : 0));
      }
    }
  });

  it('Ed25519 and ML-DSA get the message itself', () => {
    const message = Buffer.from('as it is');
    assert(signatureInput('ed25519', { scheme: 'eddsa', message }).equals(message));
    assert(signatureInput('ml-dsa-65', { scheme: 'ml-dsa', message }).equals(message));
  });

  it('a scheme is never used with a key of another family', () => {
    assert.throws(
      () => signatureInput('p-256', { scheme: 'rsa-pss', message: new Uint8Array(1) }),
      /p-256 keys do not have/,
    );
  });

  it('mechanism numbers are those of PKCS#11: v3.0 for EdDSA, v3.2 for ML-DSA', () => {
    assert.deepEqual(
      Object.values(SCHEMES).map(({ mechanism }) => [mechanism.name, mechanism.type]),
      [
        ['CKM_RSA_PKCS', 0x1],
        ['CKM_RSA_PKCS_PSS', 0xd],
        ['CKM_ECDSA', 0x1041],
        ['CKM_EDDSA', 0x1057],
        ['CKM_ML_DSA', 0x1d],
      ],
    );
  });

  for (const [keyType, name] of [
    ['ml-dsa-44', 'ML-DSA-44'],
    ['ml-dsa-65', 'ML-DSA-65'],
    ['ml-dsa-87', 'ML-DSA-87'],
  ] as const) {
    it(`the SubjectPublicKeyInfo of a ${keyType} key is that of OpenSSL`, () => {
      const pem = execFileSync('openssl', ['genpkey', '-algorithm', name], { stdio: ['ignore', 'pipe', 'pipe'] });
      const args = ['pkey', '-pubout', '-outform', 'DER'];
      const spki = execFileSync('openssl', args, { input: pem, stdio: ['pipe', 'pipe', 'pipe'] });
      const facts = TOKEN_KEY_TYPE_FACTS[keyType];
      assert(facts.family === 'ml-dsa');
      assert(spki.equals(mlDsaPublicKey(keyType, new Uint8Array(spki.subarray(-facts.publicKeyBytes)))));
    });
  }
});
