/**
 * Checks that people and programs read the same plan. Programs differ in how they read an object
 * with duplicate keys (RFC 8259, section 4), and invisible characters may change how the text
 * appears (Unicode UTR 36, UTS 39), so a plan must contain neither.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { escapePointer } from '../../kernel/json-pointer.js';

type TextFault = { readonly pointer: string; readonly message: Bilingual };

function pointerOf(path: readonly (string | number)[]): string {
  return path.map((token) => `/${escapePointer(`${token}`)}`).join('');
}

/**
 * Returns the faults of a JSON text: deep nesting, duplicate keys, invisible characters, and names
 * with letters of several alphabets. `value` is the parsed text.
 */
export function textFaults(text: string, value: unknown): readonly TextFault[] {
  return isDeep(text) ? [{ pointer: '', message: DEEP }] : [...namedTwice(text), ...invisibleCharacters(value, [])];
}

/**
 * Limit of nesting. Plans need less than half of it; a hostile plan with thousands of levels could
 * overflow the stack.
 */
const DEPTH_MAX = 16;
const DEEP: Bilingual = { fr: `plus de ${DEPTH_MAX} niveaux`, en: `more than ${DEPTH_MAX} levels` };
/** JSON strings, and the characters that begin and end objects and arrays. */
const STRINGS_AND_BRACKETS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gu;

function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(STRINGS_AND_BRACKETS)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

const TWICE: Bilingual = { fr: 'nommé deux fois dans le même objet', en: 'named twice in the same object' };

function namedTwice(text: string): readonly TextFault[] {
  return Array.from(duplicateKeys(text), (pointer) => ({ pointer, message: TWICE }));
}

/**
 * Matches control, format, private and unassigned characters, and separators of lines and
 * paragraphs.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

function invisibleCharacters(value: unknown, at: readonly (string | number)[]): readonly TextFault[] {
  if (typeof value === 'string') {
    const [character] = INVISIBLE.exec(value) ?? [];
    if (character !== undefined) return [{ pointer: pointerOf(at), message: invisibleMessage(character) }];
    const isName = at.at(-1) === 'name' || at.at(-1) === 'organisation';
    return isName && value.split(/\P{L}+/u).some(isMixed) ? [{ pointer: pointerOf(at), message: MIXED }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => invisibleCharacters(one, [...at, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => invisibleCharacters(member, [...at, name]));
}

/**
 * The fault of a name with a word in several alphabets. Cyrillic `А` looks like Latin `A`, so two
 * names that look alike would count as two people with two shares.
 */
const MIXED: Bilingual = {
  fr: "mêle dans un mot des lettres de plusieurs alphabets : à la lecture, rien ne le distingue d'un autre nom",
  en: 'mixes letters of several alphabets in one word: whoever reads it cannot tell it from another name',
};

function isMixed(word: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
  return scripts.filter((script) => script.test(word)).length > 1;
}

function invisibleMessage(character: string): Bilingual {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return { fr: `contient un caractère invisible (${code})`, en: `has an invisible character (${code})` };
}
