/**
 * The modulus of an RSA key as a number, for rules that calculate with it; worked out when the
 * first asks.
 */
import { toHex } from '../../kernel/bytes.js';
import type { KeyReading } from './subject-public-key.js';

/** Nobody certifies more, and what is longer takes its time. */
const BITS_MAX = 8_192;

const known = new WeakMap<KeyReading, bigint>();

/**
 * null when it is no RSA key, or one whose modulus other rules find fault with: even, negative, out
 * of all bounds.
 */
export function soundModulus(key: KeyReading): bigint | null {
  if (key.kind !== 'rsa' || key.bits > BITS_MAX) return null;
  const { modulus } = key;
  if ((modulus[0] ?? 0x80) >= 0x80 || ((modulus[modulus.length - 1] ?? 0) & 1) === 0) return null;
  const found = known.get(key) ?? BigInt(`0x${toHex(modulus)}`);
  known.set(key, found);
  return found;
}
