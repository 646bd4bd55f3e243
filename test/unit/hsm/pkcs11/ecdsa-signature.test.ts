import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { ecdsaSignatureDer } from '../../../../hsm/pkcs11/signing/ecdsa-signature.js';

describe('ECDSA signatures from raw to DER', () => {
  for (const [curve, hash] of [
    ['P-256', 'sha256'],
    ['P-384', 'sha384'],
    ['P-521', 'sha512'],
  ] as const) {
    it(`a ${curve} signature of r and s verifies as ECDSA-Sig-Value`, () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
      for (let at = 0; at < 300; at += 1) {
        const data = Buffer.from(`data ${at}`);
        const raw = sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
        assert(verify(hash, data, publicKey, ecdsaSignatureDer(raw)));
      }
    });
  }

  it('integers are minimal and positive for any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(32, 48, 66), fc.infiniteStream(fc.nat(255)), fc.nat(66), (half, octets, zeros) => {
        const raw = Uint8Array.from({ length: 2 * half }, (_, at) => (at < zeros ? 0 : octets.next().value));
        const der = Buffer.from(ecdsaSignatureDer(raw));
        let at = der[1] === 0x81 ? 3 : 2;
        assert.equal(der.length, at + (der[at - 1] ?? 0));
        for (const part of [raw.subarray(0, half), raw.subarray(half)]) {
          const length = der[at + 1] ?? 0;
          const integer = der.subarray(at + 2, at + 2 + length);
          assert.equal(der[at], 0x02);
          assert((integer[0] ?? 0) < 0x80);
          assert(length === 1 || (integer[0] ?? 0) !== 0 || (integer[1] ?? 0) >= 0x80);
          assert.equal(BigInt(`0x${integer.toString('hex')}`), BigInt(`0x${Buffer.from(part).toString('hex')}`));
          at += 2 + length;
        }
        assert.equal(at, der.length);
      }),
    );
  });
});
