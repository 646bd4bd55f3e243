/**
 * Content that is encrypted to a bare RSA key is decrypted by OpenSSL with that key. If it were
 * not, no holder of a key for encryption could prove that he has it.
 */
import assert from 'node:assert/strict';
import { createDecipheriv, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { children, parseDer } from '../../../src/asn1/der-reader.js';
import { explicit, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, concat, toHex } from '../../../src/kernel/bytes.js';
import { encryptEnvelopeToKey, encryptValueToKey } from '../../../src/x509/encryption-to-key.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { inFolder, openssl } from '../asn1/openssl.js';

const CONTENT = new Uint8Array(randomBytes(700));
const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));

/** The private key in a file. */
function withKey(use: (file: string) => Buffer): Buffer {
  return inFolder((folder) => {
    const file = `${folder}/key.pem`;
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    return use(file);
  });
}

describe('content that is encrypted to an RSA key', () => {
  it('as EnvelopedData is decrypted by OpenSSL with that key, which it names by its identifier', () => {
    const envelope = present(encryptEnvelopeToKey(CONTENT, { spki, random }), 'an envelope');
    assert.ok(toHex(envelope).includes(toHex(subjectKeyIdentifier(spki))));
    const message = seq(oid(OID.cmsEnvelopedData), explicit(0, envelope));
    const command = ['cms', '-decrypt', '-binary', '-inform', 'DER', '-inkey'];
    const opened = withKey((file) => openssl([...command, file], message));
    assert.deepEqual(new Uint8Array(opened), CONTENT);
  });

  it('as EncryptedValue has its key under RSA PKCS#1 v1.5 and its content under AES-256-CBC', () => {
    const value = present(encryptValueToKey(CONTENT, { spki, random }), 'an EncryptedValue');
    const parts = parseDer(value, (root) => children(root).map(({ tag, content, whole }) => ({ tag, content, whole })));
    assert.ok(parts.ok);
    assert.deepEqual(
      parts.value.map(({ tag }) => tag),
      [0xa1, 0x82, 0xa3, 0x03],
    );
    const [algorithm, encryptedKey, , encrypted] = parts.value.map(({ content }) => content);
    assert.ok(algorithm && encryptedKey && encrypted);
    const key = withKey((file) => openssl(['pkeyutl', '-decrypt', '-inkey', file], encryptedKey.subarray(1)));
    const cipher = createDecipheriv('aes-256-cbc', key, algorithm.subarray(-16));
    assert.deepEqual(new Uint8Array(concat([cipher.update(encrypted.subarray(1)), cipher.final()])), CONTENT);
  });

  it('is not made for a key that cannot encrypt', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' });
    assert.equal(encryptEnvelopeToKey(CONTENT, { spki: new Uint8Array(ec), random }), null);
    assert.equal(encryptValueToKey(CONTENT, { spki: new Uint8Array(ec), random }), null);
  });
});
