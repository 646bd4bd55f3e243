/**
 * Encodes a SHA-256 as 24 words that people compare by eye and voice: its 256 bits and a checksum
 * of 8 bits, with 11 bits per word. The encoding is that of BIP-0039, so that other tools produce
 * the same words.
 */
import { assert } from '../kernel/assert.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { sha256 } from '../kernel/digest.js';
import { WORDS } from './mnemonic-words.js';

const HASH_OCTETS = 32;
const BITS_PER_WORD = 11;

/** Returns the 24 words of a SHA-256. Throws if the hash does not have 32 bytes. */
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

/** Returns the word without accents and capitals, so that people may type it either way. */
export function plainWord(word: string): string {
  return word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether the word is in the list, in any spelling that `plainWord` makes equal. */
export function isListed(word: string): boolean {
  return WORDS.some((one) => plainWord(one) === plainWord(word));
}

/**
 * Returns at most three words of the list with the smallest edit distance from the typed word.
 * Empty: even the smallest distance is more than two.
 */
export function nearestWords(typed: string): readonly string[] {
  const from = plainWord(typed).slice(0, LETTERS_MAX);
  const distances = WORDS.map((word) => ({ word, distance: editDistance(from, plainWord(word)) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  if (least > EDITS_MAX) return [];
  return distances
    .filter(({ distance }) => distance === least)
    .map(({ word }) => word)
    .slice(0, NEAREST_MAX);
}

const EDITS_MAX = 2;
const NEAREST_MAX = 3;
/** Only this many letters of a typed word are compared; the longest listed words have eight. */
const LETTERS_MAX = 12;

/** Returns the number of letters to add, leave out or replace (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [at, other] of [...to].entries()) {
      const [left = 0, up = 0, before = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, up + 1, before + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
