import assert from 'node:assert/strict';
import { generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { bitString, integer, nullValue, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { checkPublicKey } from '../../../src/x509/keys/key-checks.js';
import { readPublicKey } from '../../../src/x509/keys/public-key.js';
import { hasRocaFingerprint } from '../../../src/x509/keys/roca.js';
import { hasCloseFactors, smallFactor } from '../../../src/x509/keys/rsa-checks.js';
import { HOLDER_KEY_TYPES, type HolderKeyType } from '../../../src/x509/model.js';
import { rocaPrime } from '../../support/lint/weak-keys.js';
import {
  ecPair,
  ecSpki,
  ed25519Pair,
  ed25519Spki,
  magnitude,
  nextPrime,
  pairOf,
  primesTo,
  rsaPair,
  rsaSpki,
} from './keys.js';

function rules(spki: Bytes, allowed: readonly HolderKeyType[] = HOLDER_KEY_TYPES): readonly string[] {
  return checkPublicKey(spki, allowed).map(({ rule }) => rule);
}

function modulusOf(bits: number): bigint {
  const view = readPublicKey(rsaPair(bits).spki);
  assert.ok(view.ok && view.value.kind === 'rsa');
  return view.value.modulus;
}

describe('a key is accepted', () => {
  for (const keyType of HOLDER_KEY_TYPES.filter((type) => type !== 'rsa-4096')) {
    it(`when it is a strong ${keyType} and the profile allows it`, () => {
      assert.deepEqual(rules(pairOf(keyType).spki, [keyType]), []);
    });

    it(`and rejected when the profile allows other types than ${keyType}`, () => {
      const allowed = HOLDER_KEY_TYPES.filter((type) => type !== keyType);
      assert.deepEqual(rules(pairOf(keyType).spki, allowed), ['key-type-allowed']);
    });
  }

  it('in about a millisecond, so that hostile requests cost no more than honest ones', () => {
    const modulus = modulusOf(2048);
    const start = process.hrtime.bigint();
    for (let round = 0; round < 20; round += 1) checkPublicKey(rsaSpki(modulus), HOLDER_KEY_TYPES);
    const each = Number(process.hrtime.bigint() - start) / 20 / 1e6;
    assert.ok(each < 50, `${each} ms`);
  });
});

describe('a key is rejected by its own rule', () => {
  const n = (): bigint => modulusOf(2048);
  const cases: readonly (readonly [string, () => Bytes, readonly string[]])[] = [
    ['RSA-1024', () => rsaPair(1024).spki, ['key-type-allowed']],
    ['RSA of 2047 bits', () => rsaSpki(nextPrime(3n << 1022n) * nextPrime(5n << 1020n)), ['key-type-allowed']],
    ['an exponent of 3', () => rsaSpki(n(), 3n), ['key-exponent-sound']],
    ['an exponent of 1', () => rsaSpki(n(), 1n), ['key-exponent-sound']],
    ['an even exponent', () => rsaSpki(n(), 65_538n), ['key-exponent-sound']],
    ['an exponent of 257 bits', () => rsaSpki(n(), (1n << 256n) + 1n), ['key-exponent-sound']],
    ['an even modulus', () => rsaSpki(n() - 1n), ['key-modulus-odd', 'key-without-small-factors']],
    ['a modulus divisible by 4093', () => rsaSpki(4_093n * nextPrime(3n << 2034n)), ['key-without-small-factors']],
    ['ROCA', () => rsaSpki(rocaPrime(65_539n) * rocaPrime(123_457n)), ['key-not-roca']],
    ['factors close to one another', () => rsaSpki(closeProduct()), ['key-factors-apart']],
    ['the square of a prime', () => rsaSpki(nextPrime(3n << 1022n) ** 2n), ['key-factors-apart']],
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

  it('with a message that describes it', () => {
    assert.deepEqual(checkPublicKey(rsaPair(1024).spki, ['rsa-3072', 'p-256']), [
      {
        rule: 'key-type-allowed',
        message: {
          fr: "une clé RSA de 1024 bits n'est pas d'un type admis ; types admis : rsa-3072, p-256",
          en: 'an RSA key of 1024 bits is not one of the allowed types: rsa-3072, p-256',
        },
      },
    ]);
  });
});

describe('a key on a curve is rejected by its own rule', () => {
  const flipped = (spki: Bytes): Bytes => spki.map((octet, at) => (at === spki.length - 1 ? octet ^ 1 : octet));
  const p256 = (): Bytes => ecPair('prime256v1').spki;
  const cases: readonly (readonly [string, () => Bytes, readonly string[]])[] = [
    ['another curve', () => ecPair('secp256k1').spki, ['key-algorithm-known']],
    ['a point off its curve', () => flipped(p256()), ['key-point-on-curve']],
    ['a P-384 point off its curve', () => flipped(ecPair('secp384r1').spki), ['key-point-on-curve']],
    [
      'a compressed point',
      () => ecSpki(OID.p256, Uint8Array.from([2, ...p256().slice(-64, -32)])),
      ['key-point-uncompressed'],
    ],
    ['a P-521 point off its curve', () => flipped(ecPair('secp521r1').spki), ['key-point-on-curve']],
    ['a brainpoolP256r1 point off its curve', () => flipped(ecPair('brainpoolP256r1').spki), ['key-point-on-curve']],
    ['a brainpoolP384r1 point off its curve', () => flipped(ecPair('brainpoolP384r1').spki), ['key-point-on-curve']],
    ['a P-256 point on brainpoolP256r1', () => ecSpki(OID.brainpoolP256r1, p256().slice(-65)), ['key-point-on-curve']],
    [
      'coordinates above the field of brainpoolP384r1',
      () => ecSpki(OID.brainpoolP384r1, new Uint8Array(97).fill(0xff).fill(4, 0, 1)),
      ['key-point-on-curve'],
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
    ['Ed25519 that is no point', () => ed25519Spki(littleEndian(2n)), ['key-point-on-curve']],
    ['Ed25519 with y above the field', () => ed25519Spki(littleEndian(2n ** 255n - 15n)), ['key-point-on-curve']],
    ['Ed25519 of 31 octets', () => ed25519Spki(new Uint8Array(31).fill(9)), ['key-well-formed']],
    ['Ed25519 of 33 octets', () => ed25519Spki(new Uint8Array(33).fill(9)), ['key-well-formed']],
    [
      'Ed25519 with parameters',
      () => seq(seq(oid(OID.ed25519), nullValue()), bitString(ed25519Pair().spki.slice(-32))),
      ['key-well-formed'],
    ],
    [
      'Ed448',
      () => new Uint8Array(generateKeyPairSync('ed448').publicKey.export({ type: 'spki', format: 'der' })),
      ['key-algorithm-known'],
    ],
  ];
  for (const [name, spki, expected] of cases) it(name, () => assert.deepEqual(rules(spki()), expected));
});

/** RFC 8032 5.1.2, with a positive sign of x. */
function littleEndian(y: bigint): Bytes {
  const octets = new Uint8Array(32);
  octets.set(magnitude(y).slice().reverse());
  return octets;
}

function rsaKey(modulus: bigint): Bytes {
  return seq(integer(magnitude(modulus)), integer(65_537));
}

function closeProduct(): bigint {
  const p = nextPrime(3n << 1022n);
  return p * nextPrime(p + 2n ** 510n);
}

describe('an Ed25519 key', () => {
  it('of small order is rejected, with either sign: signatures for it prove nothing', () => {
    // The eight points of small order, as published (RFC 7748 section 6.1 refers to them; u = (1 +
    // y) / (1 - y)).
    const orderEight = [
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
    const keys = [littleEndian(1n), littleEndian(2n ** 255n - 20n), littleEndian(0n), ...orderEight];
    for (const key of keys) {
      for (const sign of [0, 0x80]) {
        const signed = key.map((octet, at) => (at === 31 ? octet | sign : octet));
        assert.deepEqual(rules(ed25519Spki(signed)), ['key-point-on-curve'], Buffer.from(signed).toString('hex'));
      }
    }
  });

  it('of OpenSSL is a point, and so is the example of RFC 8032 7.1', () => {
    for (let round = 0; round < 50; round += 1) {
      const { publicKey } = generateKeyPairSync('ed25519');
      assert.deepEqual(rules(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))), []);
    }
    const example = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    assert.deepEqual(rules(ed25519Spki(new Uint8Array(Buffer.from(example, 'hex')))), []);
  });

  it('with random octets is a point about every second time', () => {
    let points = 0;
    for (let y = 3n; y < 203n; y += 1n) if (rules(ed25519Spki(littleEndian(y))).length === 0) points += 1;
    assert.ok(points > 70 && points < 130, String(points));
  });
});

describe('the ROCA fingerprint (Estonia 2017)', () => {
  it('is found in keys of 1024 bits and of 2048 bits', () => {
    assert.ok(hasRocaFingerprint(rocaPrime(7n, 512) * rocaPrime(1_000_003n, 512)));
    assert.ok(hasRocaFingerprint(rocaPrime(5n) * rocaPrime(99_991n)));
  });

  it('is not found when only one factor has that form', () => {
    assert.equal(hasRocaFingerprint(rocaPrime(7n, 512) * nextPrime(3n << 510n)), false);
  });

  it('requires one exponent for all primes, not one for each', () => {
    // 65537^1 modulo 11 and 65537^0 modulo every other prime of the list: each is a power, but they
    // have no common exponent.
    const primes = primesTo(167).filter((prime) => prime > 2n);
    const product = primes.reduce((all, prime) => all * prime, 1n);
    let craftRequest = 1n;
    while (craftRequest % 11n !== 65_537n % 11n) craftRequest += product / 11n;
    assert.ok(primes.every((prime) => prime === 11n || craftRequest % prime === 1n));
    assert.equal(hasRocaFingerprint(craftRequest), false);
    assert.equal(hasRocaFingerprint(1n), true);
  });

  it('is not found in keys of OpenSSL', () => {
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

  it('finds in one round a square, or two steps from one, of any length', () => {
    for (let bits = 4; bits <= 2_100; bits += 7) {
      for (const root of [1n << BigInt(bits), (1n << BigInt(bits)) - 2n, (1n << BigInt(bits)) / 3n]) {
        const middle = root | 1n;
        assert.ok(hasCloseFactors(middle ** 2n, 1), `the square of ${bits} bits`);
        assert.ok(hasCloseFactors((middle - 2n) * (middle + 2n), 1), `factors of ${bits} bits`);
      }
    }
  });

  it("finds factors within its rounds of Fermat's method, and reports no others", () => {
    const p = nextPrime(3n << 510n);
    for (const distance of [2n, 1_000n, 2n ** 200n]) assert.ok(hasCloseFactors(p * nextPrime(p + distance), 100));
    assert.equal(hasCloseFactors(p * nextPrime(p + 2n ** 300n), 100), false);
    assert.ok(hasCloseFactors(101n * 103n, 1));
    assert.equal(hasCloseFactors(3n * 1_000_003n, 100), false);
  });

  it('accepts keys that can be used', () => {
    const { publicKey, spki } = rsaPair(2048);
    assert.deepEqual(rules(spki), []);
    assert.equal(publicEncrypt(publicKey, Buffer.from('x')).length, 256);
  });
});
