/**
 * Certification requests for weak RSA keys, each correctly signed by its own key. They are computed
 * with numbers alone, because libraries make no such keys and some refuse to sign with them.
 */
import { checkPrimeSync, createHash } from 'node:crypto';
import { tlv } from '../hsm/der.js';
import { toPem } from '../service/csr.js';

const EXPONENT = 65_537n;
const BITS = 2_048;

/** `factors` are the primes of the modulus. */
export function weakCsr(factors: readonly bigint[]): string {
  const modulus = factors.reduce((all, factor) => all * factor, 1n);
  const totient = factors.reduce((all, factor) => all * (factor - 1n), 1n);
  const info = tlv(0x30, tlv(0x02, Buffer.of(0)), tlv(0x30), spkiOf(modulus), Buffer.of(0xa0, 0x00));
  const signature = power(padded(info), inverse(EXPONENT, totient), modulus);
  const algorithm = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
  return toPem(
    'CERTIFICATE REQUEST',
    tlv(0x30, info, algorithm, tlv(0x03, Buffer.of(0), octetsOf(signature, BITS / 8))),
  );
}

function spkiOf(modulus: bigint): Buffer {
  const key = tlv(0x30, integer(modulus), integer(EXPONENT));
  return tlv(0x30, Buffer.from('300d06092a864886f70d0101010500', 'hex'), tlv(0x03, Buffer.of(0), key));
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return tlv(0x02, (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets);
}

/** EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017 9.2). */
function padded(info: Buffer): bigint {
  const digest = createHash('sha256').update(info).digest('hex');
  const tail = `003031300d060960864801650304020105000420${digest}`;
  return BigInt(`0x0001${'f'.repeat(BITS / 4 - 4 - tail.length)}${tail}`);
}

function octetsOf(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

/** The first prime from here on for which the public exponent has an inverse. */
export function primeFrom(from: bigint): bigint {
  let candidate = from | 1n;
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** The largest prime of the primorial M by the length of the primes, as in the faulty library. */
const ROCA_LAST_PRIME = { 512: 353n, 1024: 701n } as const;

/**
 * CVE-2017-15361: a prime k * M + (65537^a mod M) of `bits` bits, where M is the product of the
 * first primes; different `a` give different primes. The two highest bits are set, so that the
 * product of two primes has twice the length.
 */
export function rocaPrime(a: bigint, bits: 512 | 1024 = 1024): bigint {
  let primorial = 1n;
  for (let candidate = 2n; candidate <= ROCA_LAST_PRIME[bits]; candidate += 1n)
    if (checkPrimeSync(candidate)) primorial *= candidate;
  const rest = power(EXPONENT, a, primorial);
  let k = (3n << BigInt(bits - 2)) / primorial + 1n;
  while (!checkPrimeSync(k * primorial + rest) || (k * primorial + rest) % EXPONENT === 1n) k += 1n;
  return k * primorial + rest;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** By the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  if (a !== 1n) throw new Error('no inverse');
  return ((x % modulus) + modulus) % modulus;
}
