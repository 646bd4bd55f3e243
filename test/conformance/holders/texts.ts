/**
 * Names of people and organisations, and texts that are no names. They were written from what the
 * sector's software sends and from Unicode, not from the rules under test: a name has letters of
 * any script, digits, punctuation and single spaces, at most 64 characters.
 */
import fc from 'fast-check';

/** A word is written in one of these: its letters are those of one script, or of Japanese. */
const ALPHABETS = [
  // French and related languages.
  [
    ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
    ...'àâäæçéèêëîïôöœùûüÿñÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸÑ',
    ...'áãåčćđęğıłńøõřśşšßťúůýžżÁÅČĐŁØŞŠŽİ',
    ...'ạằễệốớủữỹƠƯ',
  ],
  [...'αβγΔΩ'],
  [...'жийЖЯ'],
  // Written from the right, and without case.
  [...'אבגשלום'],
  [...'ابتسلمحمد'],
  // The last letter is two UTF-16 units.
  [...'山田あアか', '𠮷'],
] as const;
/** Apostrophes as typed and as printed, hyphens, initials, and characters of company names. */
const JOINERS = [..."'’-.", '‐', ',', '&', '/', '(', ')', '+', '°', '0', '7'];

type Piece = { readonly kind: 'letter' | 'joiner' | 'space'; readonly at: number; readonly alphabet: number };

const piece: fc.Arbitrary<Piece> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('letter' as const) },
    { weight: 2, arbitrary: fc.constant('joiner' as const) },
    { weight: 1, arbitrary: fc.constant('space' as const) },
  ),
  at: fc.nat(1_000),
  // Half of the words are in Latin letters.
  alphabet: fc.oneof(fc.constant(0), fc.nat(ALPHABETS.length - 1)),
});

/**
 * One character for each piece. Each space begins a word, in an alphabet of its own; there are none
 * at the ends, and no two in a row.
 */
function composed(pieces: readonly Piece[]): string {
  let text = '';
  let letters: readonly string[] = [];
  for (const [place, { kind, at, alphabet }] of pieces.entries()) {
    const isInner = place > 0 && place < pieces.length - 1 && !text.endsWith(' ');
    if (letters.length === 0 || (kind === 'space' && isInner)) letters = ALPHABETS[alphabet] ?? [];
    if (kind === 'space' && isInner) text += ' ';
    else if (kind === 'joiner') text += JOINERS[at % JOINERS.length];
    else text += letters[at % letters.length];
  }
  return text;
}

export function name(charactersMax = 64): fc.Arbitrary<string> {
  const of = (constraints: fc.ArrayConstraints): fc.Arbitrary<string> => fc.array(piece, constraints).map(composed);
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
  // Mathematical and full-width letters, ligatures, the long s, a modifier letter.
  'text-compatibility': ['\u{1d400}', '\u{1d5ba}', '\uff21', '\ufb01', '\u0132', '\u017f', '\u02b0', '\u2026'],
  // A small capital, a phonetic letter, a click.
  'text-letters': ['\u1d00', '\u0251', '\u01c3'],
  // Armenian, Georgian, Thai, which the environment does not allow.
  'text-script': ['\u0531', '\u10d0', '\u0e01'],
};
