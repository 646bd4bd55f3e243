/**
 * RSA moduli of any length, made of primes as a library makes them, so that only their length is
 * wrong.
 */
import { generatePrimeSync } from 'node:crypto';
import type { Bytes } from '../../../src/kernel/bytes.js';

/** Content octets of a positive INTEGER. */
export function integerContent(value: bigint): Bytes {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Uint8Array.from((octets[0] ?? 0) >= 0x80 ? [0, ...octets] : octets);
}

const known = new Map<number, Bytes>();

/**
 * The product of two primes with their highest bits set. The same length always gives the same
 * modulus.
 */
export function modulusOfBits(bits: number): Bytes {
  const found = known.get(bits) ?? integerContent(made(bits, 1n));
  known.set(bits, found);
  return found;
}

/** The product of `factor` and two primes. */
export function modulusWith(factor: bigint, bits: number): Bytes {
  return integerContent(made(bits, factor));
}

function made(bits: number, factor: bigint): bigint {
  const left = bits - factor.toString(2).length + 1;
  for (;;) {
    const [p, q] = [Math.ceil(left / 2), Math.floor(left / 2)].map((size) => generatePrimeSync(size, { bigint: true }));
    const modulus = (p ?? 0n) * (q ?? 0n) * factor;
    if (modulus.toString(2).length === bits) return modulus;
  }
}
