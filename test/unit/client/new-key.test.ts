/**
 * The keys and requests of renewals. Without this test a machine with another type of key could not
 * renew, or would ask for other names than its own.
 */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { makeKeyLike, makeRenewalRequest } from '../../../src/cli/client/new-key.js';
import { present } from '../../../src/kernel/assert.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import { nameOf, spkiOf } from '../../support/client/est-server.js';
import { runProgram } from '../../support/machine/programs.js';
import { type CsrKeyType, makeKey } from '../../support/service/csr.js';
import { derOf, signedBy } from '../../support/service/own-certificates.js';

const TYPES: readonly CsrKeyType[] = [
  'p-256',
  'p-384',
  'p-521',
  'brainpool-p256r1',
  'brainpool-p384r1',
  'ed25519',
  'rsa-2048',
];

describe('the request of a renewal', () => {
  for (const type of TYPES)
    it(`has a new ${type} key and the names of the certificate, and OpenSSL verifies it`, async () => {
      const key = makeKey(type);
      const pem = signedBy(makeKey().privateKey, {
        issuerDer: Uint8Array.of(0x30, 0),
        validity: { notBefore: Date.UTC(2026, 0), notAfter: Date.UTC(2027, 0) },
        subject: nameOf('lps.example.org'),
        spki: spkiOf(key),
        extensions: [writeSubjectAltName([{ kind: 'dNSName', value: 'lps.example.org' }])],
      });
      const certificate = readCertificate(derOf(pem));
      assert.ok(certificate.ok);
      const made = present(makeKeyLike(key.privateKey), 'a key');
      const fresh = createPrivateKey(made);
      assert.equal(fresh.asymmetricKeyType, key.privateKey.asymmetricKeyType);
      assert.deepEqual(fresh.asymmetricKeyDetails, key.privateKey.asymmetricKeyDetails);
      assert.ok(!fresh.equals(key.privateKey));
      const request = present(makeRenewalRequest(certificate.value.tbs, made), 'a request');
      const args = ['req', '-verify', '-noout', '-text', '-subject'];
      const { stdout, stderr } = await runProgram({ program: 'openssl', args, input: request });
      const said = `${stdout}${stderr}`;
      assert.match(said, /verify OK/);
      assert.match(said, /subject=CN ?= ?lps\.example\.org/);
      assert.match(said, /DNS:lps\.example\.org/);
    });
});
