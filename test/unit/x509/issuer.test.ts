import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, equalBytes, toHex } from '../../../src/kernel/bytes.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { writeBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import { writeKeyUsage } from '../../../src/x509/extensions/key-usage.js';
import { writeSubjectKeyIdentifier } from '../../../src/x509/extensions/subject-key-identifier.js';
import { signatureAlgorithmFor } from '../../../src/x509/keys/algorithms.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { KEY_TYPES } from '../../../src/x509/model.js';
import { AUTHORITY, PROFESSIONAL, rootOf, signed, tbsFor, VALIDITY } from './certificates.js';
import { pairOf } from './keys.js';

const WANTED = { id: 'acr-fo' as IssuerId, authority: 'acr-fo', generation: 1, hierarchy: 'fort' } as const;

function rule(certificate: Bytes, kind: 'root' | 'issuing' = 'root'): string {
  const read = readIssuer({ ...WANTED, kind, certificate });
  return read.ok ? 'accepted' : read.error.rule;
}

describe('an issuer', () => {
  for (const keyType of KEY_TYPES) {
    it(`of ${keyType} is read from its certificate`, () => {
      const certificate = rootOf(keyType);
      const read = readIssuer({ ...WANTED, kind: 'root', certificate });
      assert.ok(read.ok, JSON.stringify(read));
      const issuer = read.value;
      assert.deepEqual(
        { id: issuer.id, authority: issuer.authority, generation: issuer.generation, hierarchy: issuer.hierarchy },
        WANTED,
      );
      assert.equal(issuer.kind, 'root');
      assert.equal(issuer.keyType, keyType);
      assert.equal(issuer.signatureAlgorithm, signatureAlgorithmFor(keyType));
      assert.deepEqual(issuer.subject, AUTHORITY);
      assert.ok(equalBytes(issuer.subjectDer, encodeName(AUTHORITY)));
      assert.ok(equalBytes(issuer.certificate, certificate));
      assert.equal(toHex(issuer.subjectKeyIdentifier), toHex(subjectKeyIdentifier(pairOf(keyType).spki)));
      assert.deepEqual({ notBefore: issuer.notBefore, notAfter: issuer.notAfter }, VALIDITY);
    });
  }

  const constraints = writeBasicConstraints({ ca: true, pathLen: 0 });
  const usage = writeKeyUsage(['keyCertSign', 'cRLSign']);
  const identifier = writeSubjectKeyIdentifier(Uint8Array.of(1));

  it('is not read from an end-entity certificate', () => {
    assert.equal(rule(signed('p-256', tbsFor('p-256'))), 'basic-constraints-of-a-ca');
  });

  it('must have the usage of signing certificates and CRLs', () => {
    const bits = writeKeyUsage(['keyCertSign']);
    assert.equal(rule(rootOf('p-256', { extensions: [constraints, bits, identifier] })), 'key-usage-of-a-ca');
    assert.equal(rule(rootOf('p-256', { extensions: [constraints, identifier] })), 'key-usage-of-a-ca');
  });

  it('must have a key identifier', () => {
    assert.equal(rule(rootOf('p-256', { extensions: [constraints, usage] })), 'subject-key-identifier-present');
    const broken = { oid: OID.subjectKeyIdentifier, critical: false, value: Uint8Array.of(4, 9) };
    assert.equal(rule(rootOf('p-256', { extensions: [constraints, usage, broken] })), 'subject-key-identifier-present');
  });

  it('must have signed itself when it is a root', () => {
    const other = rootOf('p-256', { spki: pairOf('p-384').spki });
    assert.equal(rule(other), 'root-signs-itself');
    assert.equal(rule(rootOf('p-256', { subject: PROFESSIONAL })), 'root-signs-itself');
    assert.equal(rule(other, 'issuing'), 'accepted');
  });

  it('is not read from garbage', () => {
    assert.equal(rule(Uint8Array.of(0x30, 0x80, 0, 0)), 'indefinite length');
  });
});
