/** Shows the hash of a bundle as words and as a QR code, which people at both machines compare. */
import { renderUnicodeCompact } from 'uqr';
import { present } from '../../kernel/assert.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { fromHex } from '../../kernel/bytes.js';
import { hashWords } from '../mnemonic.js';
import { heading, rowOf, type ScreenLine } from './screen.js';

const WORDS_PER_LINE = 6;
/**
 * The number of last words that the importing machine does not show, so that people must type them
 * from the sheet.
 */
export const WORDS_TYPED = 4;

export function wordsOfHash(sha256: string): readonly string[] {
  return hashWords(present(fromHex(sha256), 'a hash in hex'));
}

/**
 * Makes the sheet of a bundle: its hash, all 24 words, and a QR code of the hash in hexadecimal.
 */
export function bundleSheet(what: Bilingual, sha256: string): readonly ScreenLine[] {
  return [
    ...heading(what),
    rowOf(untranslated('SHA-256'), untranslated(sha256)),
    ...numberedWords(wordsOfHash(sha256)),
    ...renderUnicodeCompact(sha256).split('\n').map(untranslated),
  ];
}

/** Puts the words in lines of six, each with its number on the sheet. */
export function numberedWords(words: readonly string[]): readonly ScreenLine[] {
  const numbered = words.map((word, at) => `${String(at + 1).padStart(2)} ${word}`.padEnd(13));
  return Array.from({ length: Math.ceil(numbered.length / WORDS_PER_LINE) }, (_, row) =>
    untranslated(numbered.slice(row * WORDS_PER_LINE, (row + 1) * WORDS_PER_LINE).join('')),
  );
}
