/**
 * Names that look like other names to people (Unicode technical standard 39): compatibility forms
 * of characters (mathematical letters, ligatures, full-width forms), letters of phonetic notation,
 * marks that are not seen, scripts that the environment does not allow, and words that mix scripts.
 * The message names the first such character, because a person cannot see which one it is.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { memoize } from '../../kernel/memoize.js';
import { text as phrase, type Violation, violation } from '../../texts/text.js';
import { shownDomain } from '../identifiers/domain-name.js';
import { namesOf, SCRIPTS, type Script, WRITTEN_TOGETHER } from '../scripts.js';
import { isRefusedCharacter } from './text.js';

/** For values of subjects. What other rules about texts reject is not reported twice. */
export function lookAlikeViolations(pointer: string, text: string, scripts: readonly Script[]): readonly Violation[] {
  if (ASCII.test(text)) return [];
  const characters = [...text.normalize('NFC')].filter((character) => !isRefusedCharacter(character));
  const compatible = characters.find(isCompatibilityForm);
  const legible = characters.filter((character) => !isCompatibilityForm(character));
  const odd = legible.find(isPhoneticLetter) ?? unseenMark(characters.join(''));
  const words = legible
    .filter((character) => !isPhoneticLetter(character))
    .join('')
    .split(' ');
  return [
    ...(compatible === undefined ? [] : [compatibilityViolation(pointer, compatible)]),
    ...(odd === undefined ? [] : [violation(pointer, 'text-letters', { character: describeCharacter(odd) })]),
    ...words.flatMap((word) => wordViolations(pointer, word, scripts)).slice(0, 1),
  ];
}

/** For domain names: a label counts as a word, as people see it. */
export function lookAlikeDomain(pointer: string, name: string, scripts: readonly Script[]): readonly Violation[] {
  return lookAlikeViolations(pointer, shownDomain(name.toLowerCase()).replaceAll('.', ' '), scripts);
}

/** Texts in ASCII have letters of one script, each in one form. The environment allows Latin. */
const ASCII = /^[\0-\x7f]*$/;

/** The ordinal indicator stands for a degree sign in `Nº 3`, and nobody reads it as a letter. */
const ORDINAL = 'º';

function isCompatibilityForm(character: string): boolean {
  return character !== ORDINAL && character.normalize('NFKC') !== character;
}

function compatibilityViolation(pointer: string, character: string): Violation {
  const instead = JSON.stringify(character.normalize('NFKC'));
  return violation(pointer, 'text-compatibility', { character: describeCharacter(character), instead });
}

/**
 * Latin letters of living alphabets are ASCII letters, with marks or without, and these. Others are
 * small capitals, letters of phonetic alphabets and letters that are out of use, and look like them
 * (standard 39, 3.1: Technical and Obsolete).
 */
const OTHER_LATIN_LETTERS = 'æÆœŒøØßẞðÐþÞđĐħĦıłŁŋŊŧŦəƏɛƐɔƆɓƁɗƊƙƘƴƳɲƝɣƔ';
const LATIN = /^\p{Script=Latin}/u;

function isPhoneticLetter(character: string): boolean {
  if (!LATIN.test(character) || character === ORDINAL) return false;
  const [base = ''] = character.normalize('NFD');
  return !/[A-Za-z]/.test(base) && !OTHER_LATIN_LETTERS.includes(base);
}

/**
 * Marks that are not seen on their letter (a dot above an i, which has one already; the same mark
 * twice), and those that are drawn through it: an o with a stroke looks like the letter ø.
 */
const UNSEEN_MARK = /(?<=[\p{Soft_Dotted}ıȷ]\p{M}*)\u0307|[\u0334-\u0338\u20d0-\u20f0]|(?<=(\p{M}))\1/u;

function unseenMark(text: string): string | undefined {
  return UNSEEN_MARK.exec(text.normalize('NFD'))?.[0];
}

/**
 * A word is what stands between spaces: `Jean-Noël` is one. Digits, punctuation and marks belong to
 * every script, unless Unicode says otherwise.
 */
function wordViolations(pointer: string, word: string, scripts: readonly Script[]): readonly Violation[] {
  let left = patternsOf(scripts);
  if (left.some((pattern) => pattern.test(word))) return [];
  const characters = [...word];
  const at = characters.findIndex((character) => {
    left = left.filter((pattern) => pattern.test(character));
    return left.length === 0;
  });
  const odd = characters[at] ?? '';
  if (!patternsOf(scripts).some((pattern) => pattern.test(odd)))
    return [violation(pointer, 'text-script', { character: describeCharacter(odd), scripts: namesOf(scripts) })];
  const before = characters.slice(0, at);
  const first = describeCharacter(before.find((character) => scriptOf(character) !== null) ?? before.at(-1) ?? '');
  return [violation(pointer, 'text-scripts-mixed', { character: describeCharacter(odd), first })];
}

/** Each pattern fits what is written in one of the scripts, or in those that go together. */
const patternsOf = memoize((scripts: readonly Script[]): readonly RegExp[] => {
  const together = WRITTEN_TOGETHER.map((group) => group.filter((script) => scripts.includes(script)));
  const groups: readonly (readonly Script[])[] = [...scripts.map((script) => [script]), ...together];
  return groups
    .filter((group) => group.length > 0)
    .map((group) => [...group, 'Common', 'Inherited'].map((script) => `\\p{Script_Extensions=${script}}`).join(''))
    .map((classes) => new RegExp(`^[${classes}]*$`, 'u'));
});

const SCRIPT_PATTERNS = SCRIPTS.map((script) => ({ script, pattern: new RegExp(`^\\p{Script=${script}}`, 'u') }));

/** null: a character of several scripts, or of a script that is not in customary use. */
function scriptOf(character: string): Script | null {
  return SCRIPT_PATTERNS.find(({ pattern }) => pattern.test(character))?.script ?? null;
}

/** `а (U+0430, Cyrillic letter)`. */
function describeCharacter(character: string): Bilingual {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const kind = phrase(/\p{L}/u.test(character) ? 'letter' : /\p{M}/u.test(character) ? 'mark' : 'character');
  const script = scriptOf(character);
  const { fr, en } = script === null ? kind : phrase('kind-of-script', { kind, script: namesOf([script]) });
  return { fr: `${character} (${code}, ${fr})`, en: `${character} (${code}, ${en})` };
}
