import type { Bilingual, Language } from '../../kernel/bilingual.js';

/** The words of a page or a component. A text that lacks a language does not compile. */
export type Words = Readonly<Record<string, Bilingual>>;

/** A text as it is shown to people of a language. */
export function textIn(language: Language, words: Bilingual): string {
  return language === 'fr' ? withFrenchSpaces(words.fr) : words.en;
}

/**
 * Makes the spaces of French at which no line may break: those before high punctuation and the sign
 * of per cent, and those within quotation marks. Dictionaries have plain spaces there, which are
 * easier to write.
 */
function withFrenchSpaces(text: string): string {
  return text.replace(/ (?=[:;?!%\u00bb])/g, NO_BREAK).replace(/(?<=\u00ab) /g, NO_BREAK);
}

const NO_BREAK = '\u00a0';
