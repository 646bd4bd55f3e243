/**
 * Names of people and organisations, and texts that are no names. They were written from what the
 * sector's software sends and from Unicode, not from the rules under test: a name has letters of
 * any script, digits, punctuation and single spaces, at most 64 characters.
 */
import fc from 'fast-check';

/**
 * French and related languages, and scripts that are written from the right or have no case; the
 * last letter is two UTF-16 units.
 */
const LETTERS = [
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ...'àâäæçéèêëîïôöœùûüÿñÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸÑ',
  ...'áãåčćđęğıłńøõřśşšßťúůýžżÁÅČĐŁØŞŠŽİ',
  ...'ạằễệốớủữỹƠƯ',
  ...'αβγΔΩжийЖЯאבגשלוםابتسلمحمد山田あアक',
  '𠮷',
];
/** Apostrophes as typed and as printed, hyphens, initials, and characters of company names. */
const JOINERS = [..."'’- .", '‐', ',', '&', '/', '(', ')', '+', '°', '0', '7'];

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LETTERS) },
  { weight: 1, arbitrary: fc.constantFrom(...JOINERS) },
);

/**
 * Replaces the spaces at the ends and double spaces, which are rejected, by a letter. It counts
 * characters, as X.520 does.
 */
function mended(characters: readonly string[]): string {
  return characters.join('').replace(/^ | $| (?= )/g, 'É');
}

export function name(charactersMax = 64): fc.Arbitrary<string> {
  const of = (constraints: fc.ArrayConstraints): fc.Arbitrary<string> => fc.array(character, constraints).map(mended);
  return fc.oneof(
    { weight: 4, arbitrary: of({ minLength: 1, maxLength: charactersMax, size: 'max' }) },
    { weight: 2, arbitrary: of({ minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: of({ minLength: charactersMax, maxLength: charactersMax, size: 'max' }) },
  );
}

/** What each rule rejects anywhere in a name. */
export const REFUSED: Readonly<Record<string, readonly string[]>> = {
  // Emoji of one character and of several, pictures among punctuation, signs.
  'text-symbols': ['😀', '🏥', '❤', '‼', '™', '€', '$', '№', '=', '<', '`', '^', '|'],
  'text-characters': [
    // Bidirectional controls: marks, embeddings, overrides, isolates.
    '\u200e',
    '\u200f',
    '\u061c',
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    // Controls, joiners, other spaces, line ends, invisible, private and unassigned characters, the
    // replacement character, a lone surrogate.
    '\u0000',
    '\n',
    '\t',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u00a0',
    '\u2007',
    '\u202f',
    '\u3000',
    '\u2028',
    '\u2029',
    '\u3164',
    '\u2800',
    '\ue000',
    '\u0378',
    '\ufffd',
    '\ud800',
    '\udc00',
    '\u{e0041}',
  ],
  // A letter and its accent as two characters; the Ångström sign.
  'text-normalized': ['e\u0301', 'a\u030a', '\u212b', '\ufb1d'],
  'text-trimmed': ['  '],
};
