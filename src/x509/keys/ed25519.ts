/**
 * Checks that 32 octets are an Ed25519 public key: a point of edwards25519 in its canonical
 * encoding (RFC 8032 5.1.3), and none of the eight points of small order, for which a signature can
 * be made to fit every message (RFC 7748 section 6.1).
 */
import { type Bytes, toHex } from '../../kernel/bytes.js';

const P = 2n ** 255n - 19n;
/** -121665/121666 modulo p (RFC 8032 5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
/** The y coordinate of two of the four points of order 8; the other two have its negative. */
const Y_OF_ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** The points of order 1, 2, 4 and 8. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([1n, P - 1n, 0n, Y_OF_ORDER_8, P - Y_OF_ORDER_8]);

export function isEd25519Point(key: Bytes): boolean {
  if (key.length !== 32) return false;
  const encoded = BigInt(`0x${toHex(key.slice().reverse())}`);
  const y = encoded & ((1n << 255n) - 1n);
  if (y >= P || SMALL_ORDER.has(y)) return false;
  const u = modulo(y * y - 1n);
  const v = modulo(D * y * y + 1n);
  // x^2 = u/v must have a root: u * v^3 * (u * v^7)^((p-5)/8), or that times the root of -1 (RFC
  // 8032 5.1.3, step 3).
  const v3 = modulo(v * v * v);
  const candidate = modulo(u * v3 * power(u * v3 * v3 * v, (P - 5n) / 8n));
  const square = modulo(v * candidate * candidate);
  // x = 0 has no negative; its y is 1 or -1, which are rejected above.
  return square === u || square === modulo(-u);
}

function modulo(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}
