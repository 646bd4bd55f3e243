import type { Bilingual, Language } from '../../kernel/bilingual.js';

/** The words of a page or a component. A text that lacks a language does not compile. */
export type Words = Readonly<Record<string, Bilingual>>;

/** A text as it is shown to people of a language. */
export function textIn(language: Language, words: Bilingual): string {
  return language === 'fr' ? withFrenchSpaces(words.fr) : words.en;
}

/**
 * Makes the spaces of French at which no line may break: narrow ones before high punctuation, wide
 * ones before the sign of per cent, within quotation marks and after n°. Dictionaries have plain
 * spaces there, which are easier to write.
 */
function withFrenchSpaces(text: string): string {
  return text.replace(/ (?=[:;?!])/g, NARROW_NO_BREAK).replace(/ (?=[%\u00bb])|(?<=\u00ab|n°) /g, NO_BREAK);
}

const NO_BREAK = '\u00a0';
const NARROW_NO_BREAK = '\u202f';
