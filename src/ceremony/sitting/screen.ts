/**
 * The lines of text that a ceremony shows, in both languages. The terminal chooses the language and
 * wraps long lines.
 */
import type { Bilingual } from '../../kernel/bilingual.js';

/** A text, or a label in a column of its own with its value beside it. */
export type ScreenLine = Bilingual | ScreenRow;
type ScreenRow = { readonly label: Bilingual; readonly value: Bilingual };

/** Writes a bilingual text in one language, or in both. */
export type TextMaker = (text: Bilingual) => string;

export const BLANK: ScreenLine = { fr: '', en: '' };

export function heading(text: Bilingual): readonly ScreenLine[] {
  return [BLANK, { fr: `== ${text.fr} ==`, en: `== ${text.en} ==` }];
}

/** Makes an indented item of a list. */
export function item(text: Bilingual): ScreenLine {
  return { fr: `  - ${text.fr}`, en: `  - ${text.en}` };
}

/** Makes an item of a numbered list. */
export function numbered(number: number, { fr, en }: Bilingual): ScreenLine {
  const place = `${number}.`.padStart(5);
  return { fr: `${place} ${fr}`, en: `${place} ${en}` };
}

export function rowOf(label: Bilingual, value: Bilingual): ScreenRow {
  return { label, value };
}
