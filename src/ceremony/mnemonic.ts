/**
 * Encodes a SHA-256 as 24 words that people compare by eye and voice: 256 bits and a checksum of
 * eight, eleven bits a word, as in BIP-0039, so that other tools produce the same words.
 */
import { assert } from '../kernel/assert.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { sha256 } from '../kernel/digest.js';
import { WORDS } from './mnemonic-words.js';

const HASH_OCTETS = 32;
const BITS_PER_WORD = 11;

export function hashWords(hash: Bytes): readonly string[] {
  assert(hash.length === HASH_OCTETS, 'a SHA-256');
  const [check = 0] = sha256(hash);
  let rest = (BigInt(`0x${toHex(hash)}`) << 8n) | BigInt(check);
  const words: string[] = [];
  for (let left = (HASH_OCTETS * 8 + 8) / BITS_PER_WORD; left > 0; left -= 1) {
    words.unshift(WORDS[Number(rest & 2047n)] ?? '');
    rest >>= 11n;
  }
  return words;
}

/** Compares typed words; case, accents and the number of spaces do not matter. */
export function sameWords(typed: string, words: readonly string[]): boolean {
  return plain(typed) === plain(words.join(' '));
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim().split(/\s+/u).join(' ');
}
