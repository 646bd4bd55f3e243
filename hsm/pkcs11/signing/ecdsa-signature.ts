import { assert } from '../../../src/kernel/assert.js';
import type { Bytes } from '../../../src/kernel/bytes.js';

/**
 * Encodes the output of CKM_ECDSA as DER of `ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }`
 * (RFC 3279 2.2.3). The output is r, then s, each of half the length (PKCS#11 v2.40 mechanisms,
 * 2.3.1).
 */
export function ecdsaSignatureDer(raw: Bytes): Bytes {
  assert(raw.length > 0 && raw.length % 2 === 0 && raw.length <= 132, `a raw ECDSA signature of ${raw.length} bytes`);
  const half = raw.length / 2;
  const r = significant(raw, 0, half);
  const s = significant(raw, half, raw.length);
  const content = integerLength(r) + integerLength(s);
  const long = content >= 128;
  const der = new Uint8Array((long ? 3 : 2) + content);
  der[0] = 0x30;
  if (long) der[1] = 0x81;
  der[long ? 2 : 1] = content;
  const after = writeInteger(der, long ? 3 : 2, r);
  writeInteger(der, after, s);
  return der;
}

/** Returns the magnitude without leading zero bytes, but at least one byte. */
function significant(raw: Bytes, from: number, to: number): Bytes {
  let start = from;
  while (start < to - 1 && raw[start] === 0) start += 1;
  return raw.subarray(start, to);
}

function needsZero(magnitude: Bytes): boolean {
  return ((magnitude[0] ?? 0) & 0x80) !== 0;
}

function integerLength(magnitude: Bytes): number {
  return 2 + magnitude.length + (needsZero(magnitude) ? 1 : 0);
}

function writeInteger(der: Bytes, at: number, magnitude: Bytes): number {
  const length = integerLength(magnitude);
  der[at] = 0x02;
  der[at + 1] = length - 2;
  der.set(magnitude, at + length - magnitude.length);
  return at + length;
}
