/**
 * "If the resulting value is >= p, decoding fails"; "if no square root exists [...] decoding
 * fails". Points of small order are on the curve, but prove nothing and are rejected too.
 */
import { toHex } from '../../../kernel/bytes.js';
import type { AnySubject, Rule } from '../../rule.js';

const P = 2n ** 255n - 19n;
const OCTETS = 32;

export const e_ed25519_key_is_a_point: Rule<AnySubject> = {
  name: 'e_ed25519_key_is_a_point',
  citation: 'RFC 8410 4; RFC 8032 5.1.3',
  effective: '2018-08-01',
  check: ({ key }) => {
    const found = key();
    if (found.kind !== 'ed25519') return null;
    if (found.keyBits.length !== OCTETS) return `${found.keyBits.length} octets instead of ${OCTETS}`;
    const y = BigInt(`0x${toHex(found.keyBits.slice().reverse())}`) & (2n ** 255n - 1n);
    if (!isPoint(y)) return 'not a point of edwards25519';
    return Y_OF_SMALL_ORDER.includes(y) ? 'a point of small order' : null;
  },
};

/** The y coordinate of two of the four points of order 8; the other two have its negative. */
const Y_OF_ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** The y coordinates of the points of order 8, 4, 2 and 1. */
const Y_OF_SMALL_ORDER: readonly bigint[] = [Y_OF_ORDER_8, P - Y_OF_ORDER_8, 0n, P - 1n, 1n];

/**
 * x^2 = (y^2 - 1) / (dy^2 + 1) has a root, with d = -121665/121666: Euler's criterion, without a
 * division.
 */
function isPoint(y: bigint): boolean {
  if (y >= P) return false;
  const square = (y * y) % P;
  const numerator = (square + P - 1n) * 121_666n;
  const denominator = 121_666n + (P - 121_665n) * square;
  return legendre((numerator * denominator) % P) !== P - 1n;
}

function legendre(value: bigint): bigint {
  let result = 1n;
  let square = value;
  for (let exponent = (P - 1n) / 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
