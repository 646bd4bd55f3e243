import assert from 'node:assert/strict';
import { publicEncrypt } from 'node:crypto';
import { bitString, integer, nullValue, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { checkPublicKey } from '../../../src/x509/key-checks.js';
import { KEY_TYPES, type KeyType } from '../../../src/x509/model.js';
import { readPublicKey } from '../../../src/x509/public-key.js';
import { hasRocaFingerprint } from '../../../src/x509/roca.js';
import { hasCloseFactors, smallFactor } from '../../../src/x509/rsa-checks.js';
import { ecPair, ecSpki, magnitude, nextPrime, pairOf, primesTo, rocaPrime, rsaPair, rsaSpki } from './keys.js';

function rules(spki: Bytes, allowed: readonly KeyType[] = KEY_TYPES): readonly string[] {
  return checkPublicKey(spki, allowed).map(({ rule }) => rule);
}

function modulusOf(bits: number): bigint {
  const view = readPublicKey(rsaPair(bits).spki);
  assert.ok(view.ok && view.value.kind === 'rsa');
  return view.value.modulus;
}

describe('a key is accepted', () => {
  for (const keyType of ['rsa-2048', 'rsa-3072', 'p-256', 'p-384'] as const) {
    it(`when it is a sound ${keyType} and the profile allows that`, () => {
      assert.deepEqual(rules(pairOf(keyType).spki, [keyType]), []);
    });

    it(`and refused when the profile allows other types than ${keyType}`, () => {
      const allowed = KEY_TYPES.filter((type) => type !== keyType);
      assert.deepEqual(rules(pairOf(keyType).spki, allowed), ['key-type-allowed']);
    });
  }

  it('in about a millisecond, so that hostile requests cost no more than honest ones', () => {
    const modulus = modulusOf(2048);
    const start = process.hrtime.bigint();
    for (let round = 0; round < 20; round += 1) checkPublicKey(rsaSpki(modulus), KEY_TYPES);
    const each = Number(process.hrtime.bigint() - start) / 20 / 1e6;
    assert.ok(each < 50, `${each} ms`);
  });
});

describe('a key is refused by its own rule', () => {
  const n = (): bigint => modulusOf(2048);
  const flipped = (spki: Bytes): Bytes => spki.map((octet, at) => (at === spki.length - 1 ? octet ^ 1 : octet));
  const p256 = (): Bytes => ecPair('prime256v1').spki;
  const cases: readonly (readonly [string, () => Bytes, readonly string[]])[] = [
    ['RSA-1024', () => rsaPair(1024).spki, ['key-type-allowed']],
    ['RSA of 2047 bits', () => rsaSpki(nextPrime(3n << 1022n) * nextPrime(5n << 1020n)), ['key-type-allowed']],
    ['an exponent of 3', () => rsaSpki(n(), 3n), ['key-exponent-sound']],
    ['an exponent of 1', () => rsaSpki(n(), 1n), ['key-exponent-sound']],
    ['an even exponent', () => rsaSpki(n(), 65_538n), ['key-exponent-sound']],
    ['an exponent of 257 bits', () => rsaSpki(n(), (1n << 256n) + 1n), ['key-exponent-sound']],
    ['an even modulus', () => rsaSpki(n() - 1n), ['key-modulus-odd', 'key-without-small-factors']],
    ['a modulus divisible by 4093', () => rsaSpki(4_093n * nextPrime(3n << 2034n)), ['key-without-small-factors']],
    ['ROCA', () => rsaSpki(rocaPrime(1024, 65_539n) * rocaPrime(1024, 123_457n)), ['key-not-roca']],
    ['factors close to one another', () => rsaSpki(closeProduct()), ['key-factors-apart']],
    ['the square of a prime', () => rsaSpki(nextPrime(3n << 1022n) ** 2n), ['key-factors-apart']],
    ['P-521', () => ecPair('secp521r1').spki, ['key-type-allowed']],
    ['another curve', () => ecPair('secp256k1').spki, ['key-algorithm-known']],
    ['a point off its curve', () => flipped(p256()), ['key-point-on-curve']],
    ['a P-384 point off its curve', () => flipped(ecPair('secp384r1').spki), ['key-point-on-curve']],
    [
      'a compressed point',
      () => ecSpki(OID.p256, Uint8Array.from([2, ...p256().slice(-64, -32)])),
      ['key-point-uncompressed'],
    ],
    ['the point at infinity', () => ecSpki(OID.p256, Uint8Array.of(0)), ['key-point-uncompressed']],
    ['a P-256 point on P-384', () => ecSpki(OID.p384, p256().slice(-65)), ['key-well-formed']],
    [
      'coordinates above the field',
      () => ecSpki(OID.p256, new Uint8Array(65).fill(0xff).fill(4, 0, 1)),
      ['key-point-on-curve'],
    ],
    [
      'explicit curve parameters',
      () => seq(seq(oid(OID.ecPublicKey), seq(integer(1))), bitString(p256().slice(-65))),
      ['key-curve-named'],
    ],
    ['Ed25519', () => seq(seq(oid(OID.ed25519)), bitString(new Uint8Array(32).fill(9))), ['key-algorithm-known']],
    [
      'RSA without NULL parameters',
      () => seq(seq(oid(OID.rsaEncryption)), bitString(rsaKey(n()))),
      ['key-well-formed'],
    ],
    [
      'a negative modulus',
      () => seq(seq(oid(OID.rsaEncryption), nullValue()), bitString(seq(Uint8Array.of(2, 1, 0xff), integer(65_537)))),
      ['key-well-formed'],
    ],
    ['garbage', () => Uint8Array.of(0x30, 0x80, 0, 0), ['key-well-formed']],
    ['nothing', () => new Uint8Array(0), ['key-well-formed']],
    ['a modulus of 16384 bits, without doing arithmetic on it', () => rsaSpki(1n << 16_383n), ['key-type-allowed']],
  ];
  for (const [name, spki, expected] of cases) it(name, () => assert.deepEqual(rules(spki()), expected));

  it('with a message that says what it is', () => {
    assert.deepEqual(checkPublicKey(rsaPair(1024).spki, ['rsa-3072', 'p-256']), [
      {
        rule: 'key-type-allowed',
        message: 'an RSA key of 1024 bits is not one of the types allowed here: rsa-3072, p-256',
      },
    ]);
  });
});

function rsaKey(modulus: bigint): Bytes {
  return seq(integer(magnitude(modulus)), integer(65_537));
}

function closeProduct(): bigint {
  const p = nextPrime(3n << 1022n);
  return p * nextPrime(p + 2n ** 510n);
}

describe('the ROCA fingerprint', () => {
  it('is seen on keys of 1024 bits and of 2048 bits', () => {
    assert.ok(hasRocaFingerprint(rocaPrime(512, 7n) * rocaPrime(512, 1_000_003n)));
    assert.ok(hasRocaFingerprint(rocaPrime(1024, 5n) * rocaPrime(1024, 99_991n)));
  });

  it('is not seen when one factor alone is of that form', () => {
    assert.equal(hasRocaFingerprint(rocaPrime(512, 7n) * nextPrime(3n << 510n)), false);
  });

  it('asks for one exponent for all primes, not one for each', () => {
    // 65537^1 modulo 11 and 65537^0 modulo every other prime of the list: a power modulo each, of no common exponent.
    const primes = primesTo(167).filter((prime) => prime > 2n);
    const product = primes.reduce((all, prime) => all * prime, 1n);
    let crafted = 1n;
    while (crafted % 11n !== 65_537n % 11n) crafted += product / 11n;
    assert.ok(primes.every((prime) => prime === 11n || crafted % prime === 1n));
    assert.equal(hasRocaFingerprint(crafted), false);
    assert.equal(hasRocaFingerprint(1n), true);
  });

  it('is not seen on keys that OpenSSL makes', () => {
    assert.equal(hasRocaFingerprint(modulusOf(1024)), false);
    assert.equal(hasRocaFingerprint(modulusOf(2048)), false);
  });
});

describe('the arithmetic on moduli', () => {
  it('finds each prime below 4096, and none above', () => {
    const large = nextPrime(3n << 300n);
    for (const prime of primesTo(4_200)) {
      assert.equal(smallFactor(prime * large), prime < 4_096n ? Number(prime) : null);
    }
  });

  it("finds factors within its rounds of Fermat's method, and does not claim what it has not found", () => {
    const p = nextPrime(3n << 510n);
    for (const distance of [2n, 1_000n, 2n ** 200n]) assert.ok(hasCloseFactors(p * nextPrime(p + distance), 100));
    assert.equal(hasCloseFactors(p * nextPrime(p + 2n ** 300n), 100), false);
    assert.ok(hasCloseFactors(101n * 103n, 1));
    assert.equal(hasCloseFactors(3n * 1_000_003n, 100), false);
  });

  it('leaves a key usable that it accepts', () => {
    const { publicKey, spki } = rsaPair(2048);
    assert.deepEqual(rules(spki), []);
    assert.equal(publicEncrypt(publicKey, Buffer.from('x')).length, 256);
  });
});
