import type { Bilingual } from '../../kernel/bilingual.js';

/** The words of a page or a component. A text that lacks a language does not compile. */
export type Words = Readonly<Record<string, Bilingual>>;

/**
 * Makes the spaces of French at which no line may break: those before high punctuation and the sign
 * of per cent, and those within quotation marks. Dictionaries have plain spaces there, which are
 * easier to write.
 */
export function withFrenchSpaces(text: string): string {
  return text.replace(/ (?=[:;?!%\u00bb])/g, NO_BREAK).replace(/(?<=\u00ab) /g, NO_BREAK);
}

const NO_BREAK = '\u00a0';
