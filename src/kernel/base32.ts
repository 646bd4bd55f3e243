/** Base32 (RFC 4648, section 6): upper case, without padding. */
import { assert } from './assert.js';
import type { Bytes } from './bytes.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Takes a multiple of 5 octets, so that no padding is needed: 8 characters for each of them. */
export function toBase32(octets: Bytes): string {
  assert(octets.length % 5 === 0, 'octets in groups of five');
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const octet of octets) {
    buffer = ((buffer << 8) | octet) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((buffer >>> bits) & 31);
    }
  }
  return text;
}
