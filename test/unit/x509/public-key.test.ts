import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { toHex } from '../../../src/kernel/bytes.js';
import { KEY_TYPES } from '../../../src/x509/model.js';
import { keyTypeOf, readPublicKey, subjectKeyIdentifier } from '../../../src/x509/public-key.js';
import { inFolder, openssl } from '../asn1/openssl.js';
import { ecPair, magnitude, pairOf, rsaPair } from './keys.js';

describe('a public key', () => {
  for (const keyType of KEY_TYPES) {
    it(`of ${keyType} is read with the values that node:crypto exports`, () => {
      const { spki, publicKey } = pairOf(keyType);
      const jwk = publicKey.export({ format: 'jwk' });
      const view = readPublicKey(spki);
      assert.ok(view.ok);
      assert.equal(keyTypeOf(view.value), keyType);
      if (view.value.kind === 'rsa') {
        assert.equal(Buffer.from(magnitude(view.value.modulus)).toString('base64url'), jwk.n);
        assert.equal(Buffer.from(magnitude(view.value.exponent)).toString('base64url'), jwk.e);
      } else {
        const coordinates = [jwk.x, jwk.y]
          .map((value) => Buffer.from(value ?? '', 'base64url').toString('hex'))
          .join('');
        assert.equal(toHex(view.value.point), `04${coordinates}`);
      }
    });
  }

  it('of a size or on a curve that no profile can allow has no type', () => {
    for (const { spki } of [rsaPair(1024), ecPair('secp521r1')]) {
      const view = readPublicKey(spki);
      assert.ok(view.ok);
      assert.equal(keyTypeOf(view.value), null);
    }
  });

  it('has the key identifier that OpenSSL writes into a certificate', () => {
    for (const keyType of ['rsa-2048', 'p-384'] as const) {
      const { privateKey, spki } = pairOf(keyType);
      const shown = inFolder((folder) => {
        const key = join(folder, 'key.pem');
        writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }));
        const extension = ['-addext', 'subjectKeyIdentifier=hash'];
        const certificate = openssl(['req', '-x509', '-new', '-key', key, '-subj', '/CN=x', ...extension]);
        return openssl(['x509', '-noout', '-ext', 'subjectKeyIdentifier'], certificate).toString();
      });
      const identifier = shown.trim().split('\n').at(-1)?.trim().replaceAll(':', '').toLowerCase();
      assert.equal(identifier, toHex(subjectKeyIdentifier(spki)));
    }
  });

  it('never throws, whatever octets it is made of', () => {
    const { spki } = rsaPair(2048);
    const property = fc.property(fc.nat({ max: spki.length - 1 }), fc.nat({ max: 255 }), (at, octet) => {
      readPublicKey(spki.with(at, octet));
    });
    fc.assert(property, { seed: 11, numRuns: 2_000 });
  });
});
