/**
 * Texts in certificates. A reader must see what is there: nothing invisible, nothing that changes
 * the direction of writing, and one encoding of each character. Other texts are rejected and never
 * corrected, so that what is certified is what was requested.
 */
import { type Violation, violation } from '../../texts/text.js';

/**
 * Control and format characters (bidirectional controls, joiners and tags included), surrogates,
 * private and unassigned characters, line and paragraph separators, every space but U+0020,
 * letters, marks and symbols that are drawn as nothing (Default_Ignorable_Code_Point: fillers and
 * selectors; the empty Braille cell), and the object and replacement characters.
 */
const REFUSED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]|(?! )\p{Zs}/u;
/** A text cannot begin with a combining mark; more than three of them in a row hide it. */
const MARKS = /^\p{M}|\p{M}{4}/u;

/**
 * Letters, marks, decimal digits, punctuation and spaces of any script make names, with the two
 * symbols that occur in names of French organisations: `A+ SANTÉ`, `PHARMACIE N° 2` (the U+00BA of
 * `Nº` is a letter). Other symbols, emoji above all, are drawn differently everywhere, and
 * enclosing marks turn any character into a symbol.
 */
const NOT_OF_A_NAME = /[^\p{L}\p{M}\p{Nd}\p{P}\p{Z}\p{C}+°]|\p{Me}|(?=\p{P})\p{Extended_Pictographic}/u;

/**
 * The violations of one text. `charactersMax` counts code points, as upper bounds of UTF8String do
 * (X.680 49).
 */
export function textViolations(pointer: string, text: string, charactersMax: number): readonly Violation[] {
  if (text.length === 0) return [violation(pointer, 'text-not-empty')];
  const violations: Violation[] = [];
  if (REFUSED.test(text) || MARKS.test(text)) violations.push(violation(pointer, 'text-characters'));
  if (text !== text.normalize('NFC')) violations.push(violation(pointer, 'text-normalized'));
  if (text !== text.trim() || text.includes('  ')) violations.push(violation(pointer, 'text-trimmed'));
  if ([...text].length > charactersMax) violations.push(violation(pointer, 'text-length', { max: charactersMax }));
  return violations;
}

/** Whether one of the rules here rejects the character wherever it is. */
export function isRefusedCharacter(character: string): boolean {
  return REFUSED.test(character) || NOT_OF_A_NAME.test(character);
}

/** For values of subjects. A character that `textViolations` rejects is not reported twice. */
export function symbolViolations(pointer: string, text: string): readonly Violation[] {
  if (!NOT_OF_A_NAME.test(text)) return [];
  const found = [...text].find((character) => NOT_OF_A_NAME.test(character) && !REFUSED.test(character));
  if (found === undefined) return [];
  const code = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [violation(pointer, 'text-symbols', { symbol: found, code })];
}
