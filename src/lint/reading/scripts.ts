/**
 * Scripts of words in names, independently of `src/policy`: for each character the set of scripts
 * that use it, and for a word what these sets have in common (Unicode technical standard 39, 5.1).
 */
import type { Script } from '../../policy/scripts.js';

/** Chinese with phonetic signs, Japanese and Korean mix scripts in a word. */
const COMBINED: Readonly<Partial<Record<Script, readonly string[]>>> = {
  Bopomofo: ['Hanb'],
  Han: ['Hanb', 'Jpan', 'Kore'],
  Hangul: ['Kore'],
  Hiragana: ['Jpan'],
  Katakana: ['Jpan'],
};

const OF_EVERY_SCRIPT = /[\p{Script_Extensions=Common}\p{Script_Extensions=Inherited}]/u;
const patterns = new Map<Script, RegExp>();

function scriptsOf(character: string, among: readonly Script[]): readonly string[] {
  return among.flatMap((script) => {
    const pattern = patterns.get(script) ?? new RegExp(`\\p{Script_Extensions=${script}}`, 'u');
    patterns.set(script, pattern);
    return pattern.test(character) ? [script, ...(COMBINED[script] ?? [])] : [];
  });
}

/** The first character without a script in common with those before it; null: there is none. */
export function foreignCharacter(word: string, among: readonly Script[]): string | null {
  let common: readonly string[] | null = null;
  for (const character of word) {
    if (OF_EVERY_SCRIPT.test(character)) continue;
    const scripts = scriptsOf(character, among);
    common = (common ?? scripts).filter((script) => scripts.includes(script));
    if (common.length === 0) return character;
  }
  return null;
}

/** Letters, marks, numbers and punctuation that are drawn. Other rules reject everything else. */
const DRAWN = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{P}]/u;

export function drawnCharacters(text: string): readonly string[] {
  return [...text].filter((character) => character === ' ' || DRAWN.test(character));
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * Whether all characters are of ASCII. None of them is a compatibility form, and its letters are of
 * one script, which the environment allows.
 */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** `U+0430`. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
