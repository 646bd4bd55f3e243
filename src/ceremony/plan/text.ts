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

/** `value` is the result of parsing the text. */
export function textFaults(text: string, value: unknown): readonly TextFault[] {
  return isDeep(text) ? [{ pointer: '', message: DEEP }] : [...namedTwice(text), ...unseenSigns(value, [])];
}

/**
 * Limit of nesting. Plans need less than half of it; an attacker's plan with more levels could
 * overflow the stack.
 */
const DEPTH_MAX = 16;
const DEEP: Bilingual = { fr: `plus de ${DEPTH_MAX} niveaux`, en: `more than ${DEPTH_MAX} levels` };
/** JSON strings, and the characters that begin and end objects and arrays. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gu;

function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(TOKENS)) {
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

/** Control, format and unassigned characters, and separators of lines and paragraphs. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

function unseenSigns(value: unknown, at: readonly (string | number)[]): readonly TextFault[] {
  if (typeof value === 'string') {
    const [sign] = UNSEEN.exec(value) ?? [];
    if (sign !== undefined) return [{ pointer: pointerOf(at), message: unseen(sign) }];
    const isName = at.at(-1) === 'name' || at.at(-1) === 'organisation';
    return isName && value.split(/\P{L}+/u).some(isMixed) ? [{ pointer: pointerOf(at), message: MIXED }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => unseenSigns(one, [...at, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => unseenSigns(member, [...at, name]));
}

/**
 * Cyrillic `А` looks like Latin `A`. Two names that look alike would count as two people with two
 * shares.
 */
const MIXED: Bilingual = {
  fr: "mêle dans un mot des lettres de plusieurs alphabets : à la lecture, rien ne le distingue d'un autre nom",
  en: 'mixes letters of several alphabets in one word: whoever reads it cannot tell it from another name',
};

function isMixed(word: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
  return scripts.filter((script) => script.test(word)).length > 1;
}

function unseen(sign: string): Bilingual {
  const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return { fr: `contient un caractère invisible (${code})`, en: `has an invisible character (${code})` };
}
