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

const known = new Map<string, Bytes>();

/**
 * The product of two primes with their highest bits set, and of `factor`. The same arguments always
 * give the same modulus.
 */
export function modulusOfBits(bits: number, factor = 1n): Bytes {
  const name = `${bits} ${factor}`;
  const found = known.get(name) ?? integerContent(made(bits, factor));
  known.set(name, found);
  return found;
}

function made(bits: number, factor: bigint): bigint {
  const left = bits - factor.toString(2).length + 1;
  for (;;) {
    const [p, q] = [Math.ceil(left / 2), Math.floor(left / 2)].map((size) => generatePrimeSync(size, { bigint: true }));
    const modulus = (p ?? 0n) * (q ?? 0n) * factor;
    if (modulus.toString(2).length === bits) return modulus;
  }
}
