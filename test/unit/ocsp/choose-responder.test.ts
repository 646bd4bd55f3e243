/** The responder for a client with preferred signature algorithms (RFC 6960 4.4.7). */
import assert from 'node:assert/strict';
import { nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { chooseResponder, type PreferredAlgorithm } from '../../../src/ocsp/choose-responder.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';
import type { DelegatedResponder, OcspAuthority } from '../../../src/ocsp/responder.js';
import { signatureAlgorithmFor } from '../../../src/x509/keys/algorithms.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { KeyType } from '../../../src/x509/model.js';
import { testKey } from '../policy/fixtures.js';
import { certIdOf, extensionOf, ISSUER, nonceOf, requestOf, SERIAL } from './fixture.js';

function responderOf(keyType: KeyType): DelegatedResponder {
  const { spki } = testKey(keyType);
  const ofKey = { spki, keyHash: subjectKeyIdentifier(spki), keyType };
  const none = new Uint8Array(0);
  const ofCertificate = { certificate: none, subjectDer: none, notBefore: 0, notAfter: 100 };
  return { ...ofKey, ...ofCertificate, signatureAlgorithm: signatureAlgorithmFor(keyType) };
}

const [P256, P384, RSA] = [responderOf('p-256'), responderOf('p-384'), responderOf('rsa-2048')];
const BOTH = { issuer: ISSUER, responder: P256, others: [RSA] };
const CURVE_P384 = oid('1.3.132.0.34');

function preferring(...list: readonly Bytes[]): Bytes {
  return extensionOf(OID.ocspPreferredSignatureAlgorithms, seq(...list));
}

function asked(...extensions: readonly Bytes[]): readonly PreferredAlgorithm[] {
  const read = readOcspRequest(requestOf([certIdOf(SERIAL)], extensions));
  assert.ok(read.ok, JSON.stringify(read));
  return read.value.preferred;
}

const NOW = 50;
const chosen = (authority: OcspAuthority, preferred: readonly PreferredAlgorithm[]): DelegatedResponder | null =>
  chooseResponder(authority, preferred, NOW);

const rsa = seq(seq(oid(OID.sha256WithRsaEncryption), nullValue()));
const rsaBare = seq(seq(oid(OID.sha256WithRsaEncryption)));
const ecdsa = seq(seq(oid(OID.ecdsaWithSha256)));
const sha1Rsa = seq(seq(oid(OID.sha1WithRsaEncryption), nullValue()));

describe('the chosen responder', () => {
  it('is the first in the policy for a client without preference, or with unsupported algorithms only', () => {
    for (const extensions of [[], [nonceOf(32)], [preferring(sha1Rsa)], [preferring()]])
      assert.equal(chosen(BOTH, asked(...extensions)), P256);
    assert.equal(chosen({ ...BOTH, responder: RSA, others: [P256] }, asked()), RSA);
    assert.equal(chosen({ issuer: ISSUER, responder: P256 }, asked(preferring(rsa))), P256);
    assert.equal(chosen({ issuer: ISSUER, responder: null }, asked(preferring(rsa))), null);
  });

  it('has the first supported algorithm of the client, with and without parameters', () => {
    for (const one of [rsa, rsaBare]) assert.equal(chosen(BOTH, asked(preferring(one))), RSA);
    assert.equal(chosen(BOTH, asked(preferring(sha1Rsa, rsa, ecdsa))), RSA);
    assert.equal(chosen(BOTH, asked(preferring(ecdsa, rsa))), P256);
    assert.equal(chosen(BOTH, asked(nonceOf(32), preferring(rsa))), RSA);
  });

  it('has the key type that the client requires, and the curve if it requires one', () => {
    const narrowed = (algorithm: Bytes, key: Bytes): Bytes => preferring(seq(algorithm, key));
    const sha384 = seq(oid(OID.ecdsaWithSha384));
    const three = { issuer: ISSUER, responder: P256, others: [RSA, P384] };
    assert.equal(chosen(three, asked(narrowed(sha384, seq(oid(OID.ecPublicKey), CURVE_P384)))), P384);
    assert.equal(chosen(three, asked(narrowed(sha384, seq(oid(OID.ecPublicKey))))), P384);
    assert.equal(chosen(three, asked(narrowed(sha384, seq(oid(OID.rsaEncryption), nullValue())))), P256);
    const onP384 = asked(narrowed(seq(oid(OID.ecdsaWithSha256)), seq(oid(OID.ecPublicKey), CURVE_P384)));
    assert.equal(chosen({ issuer: ISSUER, responder: RSA, others: [P256] }, onP384), RSA, 'nobody has that curve');
    const rsaAlgorithm = seq(oid(OID.sha256WithRsaEncryption), nullValue());
    assert.equal(chosen(three, asked(narrowed(rsaAlgorithm, seq(oid(OID.rsaEncryption), nullValue())))), RSA);
    assert.equal(chosen(three, asked(narrowed(rsaAlgorithm, seq(oid(OID.ecPublicKey), CURVE_P384)))), P256);
  });

  it('is chosen by a well-formed extension, critical or not; a malformed one is malformedRequest', () => {
    const value = seq(rsa);
    for (const critical of [true, false])
      assert.equal(chosen(BOTH, asked(extensionOf(OID.ocspPreferredSignatureAlgorithms, value, critical))), RSA);
    const broken = [octetString(value), seq(oid(OID.rsaEncryption)), seq(seq(rsa, rsa, rsa)), new Uint8Array(0)];
    for (const one of broken) {
      const extension = extensionOf(OID.ocspPreferredSignatureAlgorithms, one);
      assert.equal(readOcspRequest(requestOf([certIdOf(SERIAL)], [extension])).ok, false);
    }
  });

  it('is another one if the certificate of the preferred one is expired, unless all are', () => {
    const both = [asked(), asked(preferring(rsa)), asked(preferring(ecdsa))];
    const over = { ...RSA, notAfter: NOW };
    for (const one of both) assert.equal(chosen({ ...BOTH, others: [over] }, one), P256);
    const early = { ...P256, notBefore: NOW + 1 };
    for (const one of both) assert.equal(chosen({ ...BOTH, responder: early }, one), RSA);
    for (const one of both) assert.equal(chosen({ ...BOTH, responder: early, others: [over] }, one), early);
  });

  it('is encoded in the plain request for its answer', () => {
    const read = readOcspRequest(plainRequest([certIdOf(SERIAL)], 'sha256WithRsaEncryption'));
    assert.ok(read.ok);
    assert.equal(chosen(BOTH, read.value.preferred), RSA);
  });
});
