import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { toHex } from '../../../src/kernel/bytes.js';
import { holderKeyTypeOf, keyTypeOf, readPublicKey, subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { HOLDER_KEY_TYPES, type PublicKeyView } from '../../../src/x509/model.js';
import { inFolder, openssl } from '../asn1/openssl.js';
import { magnitude, pairOf, rsaPair } from './keys.js';

function hexOf(view: PublicKeyView): string {
  assert.equal(view.kind, 'ec');
  return toHex(view.kind === 'ec' ? view.point : new Uint8Array(0));
}

describe('a public key', () => {
  for (const keyType of HOLDER_KEY_TYPES) {
    it(`of ${keyType} is read with the values that node:crypto exports`, () => {
      const { spki, publicKey } = pairOf(keyType);
      const view = readPublicKey(spki);
      assert.ok(view.ok);
      assert.equal(holderKeyTypeOf(view.value), keyType);
      // The brainpool curves have no name in JSON Web Keys.
      if (keyType.startsWith('brainpool')) return assert.equal(toHex(spki).endsWith(hexOf(view.value)), true);
      const jwk = publicKey.export({ format: 'jwk' });
      if (view.value.kind === 'rsa') {
        assert.equal(Buffer.from(magnitude(view.value.modulus)).toString('base64url'), jwk.n);
        assert.equal(Buffer.from(magnitude(view.value.exponent)).toString('base64url'), jwk.e);
      } else if (view.value.kind === 'ed25519') {
        assert.equal(Buffer.from(view.value.key).toString('base64url'), jwk.x);
      } else {
        const coordinates = [jwk.x, jwk.y]
          .map((value) => Buffer.from(value ?? '', 'base64url').toString('hex'))
          .join('');
        assert.equal(toHex(view.value.point), `04${coordinates}`);
      }
    });
  }

  it('of an unknown size has no type', () => {
    const view = readPublicKey(rsaPair(1024).spki);
    assert.ok(view.ok);
    assert.equal(holderKeyTypeOf(view.value), null);
  });

  it('may sign for an authority or a responder only if it has one of their types', () => {
    for (const keyType of HOLDER_KEY_TYPES) {
      const view = readPublicKey(pairOf(keyType).spki);
      assert.ok(view.ok);
      const signs = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384'].includes(keyType);
      assert.equal(keyTypeOf(view.value), signs ? keyType : null);
    }
  });

  it('has the key identifier that OpenSSL computes', () => {
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
