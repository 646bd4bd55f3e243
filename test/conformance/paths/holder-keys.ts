/** Holders' keys of any type that a profile may allow, with requests made by `openssl req`. */
import assert from 'node:assert/strict';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  generatePrimeSync,
  type JsonWebKey,
} from 'node:crypto';
import type { HolderKey } from '../../support/service/csr.js';
import { openssl } from '../../support/service/judges.js';

const CURVES: Readonly<Record<string, string>> = {
  'p-256': 'P-256',
  'p-384': 'P-384',
  'p-521': 'P-521',
  'brainpool-p256r1': 'brainpoolP256r1',
  'brainpool-p384r1': 'brainpoolP384r1',
};

export type KeyMaker = (keyType: string) => HolderKey;

/**
 * Finding primes takes most of the time, about a second per key. Six primes of a length give
 * fifteen different moduli. Their common divisors would reveal the factors, which does not matter
 * in tests.
 */
const PRIMES_MAX = 8;
const EXPONENT = 65_537n;

export function createKeyMaker(): KeyMaker {
  const moduli = new Map<number, Generator<HolderKey>>();
  return (keyType) => {
    const curve = CURVES[keyType];
    if (curve !== undefined) return generateKeyPairSync('ec', { namedCurve: curve });
    if (keyType === 'ed25519') return generateKeyPairSync('ed25519');
    const bits = Number(/^rsa-(\d+)$/.exec(keyType)?.[1]);
    assert.ok(bits > 0, `no way to make a key of type ${keyType}`);
    const keys = moduli.get(bits) ?? rsaKeys(bits);
    moduli.set(bits, keys);
    const next = keys.next();
    assert.ok(next.done !== true, `more than ${(PRIMES_MAX * (PRIMES_MAX - 1)) / 2} keys of type ${keyType}`);
    return next.value;
  };
}

function* rsaKeys(bits: number): Generator<HolderKey> {
  const primes: bigint[] = [];
  for (let second = 0; second < PRIMES_MAX; second += 1) {
    primes.push(primeOf(bits / 2));
    for (let first = 0; first < second; first += 1) yield rsaKey(primes[first] ?? 0n, primes[second] ?? 0n);
  }
}

/** OpenSSL sets the two highest bits, so that a product of two primes has the whole length. */
function primeOf(bits: number): bigint {
  for (;;) {
    const prime = generatePrimeSync(bits, { bigint: true });
    if (prime % EXPONENT !== 1n) return prime;
  }
}

function rsaKey(p: bigint, q: bigint): HolderKey {
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk: JsonWebKey = { kty: 'RSA' };
  for (const [name, value] of Object.entries(numbers)) jwk[name] = base64Url(value);
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function base64Url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

/** Extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [before, now] = [modulus, value % modulus];
  let [beforeFactor, factor] = [0n, 1n];
  while (now > 1n) {
    const quotient = before / now;
    [before, now] = [now, before - quotient * now];
    [beforeFactor, factor] = [factor, beforeFactor - quotient * factor];
  }
  assert.equal(now, 1n, 'coprime');
  return ((factor % modulus) + modulus) % modulus;
}

/** A PEM request for the key in this file. `openssl req` chooses the algorithm by the key. */
export async function requestOf(keyFile: string): Promise<string> {
  const args = ['req', '-new', '-config', '/dev/null', '-key', keyFile, '-subj', '/CN=holder'];
  const { status, output, bytes } = await openssl(...args);
  assert.equal(status, 0, output);
  return bytes.toString('utf8');
}
