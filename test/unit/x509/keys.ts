/** Keys for tests. Node's keys are made once per run; the weak ones are computed here. */
import assert from 'node:assert/strict';
import { checkPrimeSync, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { bitString, integer, nullValue, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import type { HolderKeyType } from '../../../src/x509/model.js';

export type KeyPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly spki: Bytes };

const made = new Map<string, KeyPair>();

function once(name: string, make: () => { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  const known = made.get(name);
  if (known !== undefined) return known;
  const pair = make();
  const spki = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));
  const fresh = { ...pair, spki };
  made.set(name, fresh);
  return fresh;
}

export function rsaPair(modulusLength: number, publicExponent = 65_537): KeyPair {
  return once(`rsa-${modulusLength}-${publicExponent}`, () =>
    generateKeyPairSync('rsa', { modulusLength, publicExponent }),
  );
}

export function ecPair(namedCurve: string): KeyPair {
  return once(namedCurve, () => generateKeyPairSync('ec', { namedCurve }));
}

export function ed25519Pair(): KeyPair {
  return once('ed25519', () => generateKeyPairSync('ed25519'));
}

const CURVES: Readonly<Partial<Record<HolderKeyType, string>>> = {
  'p-256': 'prime256v1',
  'p-384': 'secp384r1',
  'p-521': 'secp521r1',
  'brainpool-p256r1': 'brainpoolP256r1',
  'brainpool-p384r1': 'brainpoolP384r1',
};

export function pairOf(keyType: HolderKeyType): KeyPair {
  if (keyType === 'ed25519') return ed25519Pair();
  const namedCurve = CURVES[keyType];
  if (namedCurve !== undefined) return ecPair(namedCurve);
  return rsaPair(Number(keyType.slice(4)));
}

export function magnitude(value: bigint): Bytes {
  const hex = value.toString(16);
  const octets = fromHex(hex.padStart(hex.length + (hex.length % 2), '0'));
  assert.ok(octets);
  return octets;
}

export function rsaSpki(modulus: bigint, exponent = 65_537n): Bytes {
  const key = seq(integer(magnitude(modulus)), integer(magnitude(exponent)));
  return seq(seq(oid(OID.rsaEncryption), nullValue()), bitString(key));
}

export function ecSpki(curve: string, point: Bytes): Bytes {
  return seq(seq(oid(OID.ecPublicKey), oid(curve)), bitString(point));
}

export function ed25519Spki(key: Bytes): Bytes {
  return seq(seq(oid(OID.ed25519)), bitString(key));
}

const primes = new Map<bigint, bigint>();

export function nextPrime(from: bigint): bigint {
  const known = primes.get(from);
  if (known !== undefined) return known;
  let candidate = from | 1n;
  while (!checkPrimeSync(candidate)) candidate += 2n;
  primes.set(from, candidate);
  return candidate;
}

export function primesTo(limit: number): readonly bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2; candidate <= limit; candidate += 1) {
    if (primes.every((prime) => BigInt(candidate) % prime !== 0n)) primes.push(BigInt(candidate));
  }
  return primes;
}
