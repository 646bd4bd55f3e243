/**
 * The modulus of an RSA key as a number, for rules that calculate with it. It is converted when the
 * first rule needs it.
 */
import { toHex } from '../../kernel/bytes.js';
import type { KeyReading } from './subject-public-key.js';

/** Longer keys are not certified and would take too long to check. */
const BITS_MAX = 8_192;

const known = new WeakMap<KeyReading, bigint>();

/**
 * null when it is no RSA key, or a key whose modulus other rules report: even, negative, or too
 * long.
 */
export function soundModulus(key: KeyReading): bigint | null {
  if (key.kind !== 'rsa' || key.bits > BITS_MAX) return null;
  const { modulus } = key;
  if ((modulus[0] ?? 0x80) >= 0x80 || ((modulus[modulus.length - 1] ?? 0) & 1) === 0) return null;
  const found = known.get(key) ?? BigInt(`0x${toHex(modulus)}`);
  known.set(key, found);
  return found;
}
