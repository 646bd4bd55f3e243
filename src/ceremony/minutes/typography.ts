/**
 * Applies French typography: no line begins with a punctuation mark, and none ends with an opening
 * quotation mark or with n°.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Document } from './document.js';

export const NO_BREAK_SPACE = '\u00a0';

/**
 * Puts no-break spaces into the French texts. Texts that are the same in both languages (paths,
 * names, hashes) are not changed.
 */
export function typeset(document: Document): Document {
  return mapTexts(document) as Document;
}

function mapTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== 'object' || value === null) return value;
  if (isBilingual(value)) return value.fr === value.en ? value : { ...value, fr: withFixedSpaces(value.fr) };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member)]));
}

function isBilingual(value: object): value is Bilingual {
  return 'fr' in value && 'en' in value && typeof value.fr === 'string';
}

export function withFixedSpaces(text: string): string {
  return text.replace(/ (?=[;:!?»])|(?<=«|n°) /g, NO_BREAK_SPACE);
}
