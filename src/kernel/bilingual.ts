/** Texts in both languages. People read French first. */
export type Bilingual = { readonly fr: string; readonly en: string };

export const LANGUAGES = ['en', 'fr'] as const satisfies readonly (keyof Bilingual)[];
export type Language = (typeof LANGUAGES)[number];

/**
 * Joins both languages on one line: `la chaîne est intacte / the chain is intact`. A text that is
 * the same in both languages appears there once.
 */
export function inBothLanguages({ fr, en }: Bilingual): string {
  return fr === en ? fr : `${fr} / ${en}`;
}

/** Makes a text that needs no translation: a path, a name, a number. */
export function untranslated(text: string): Bilingual {
  return { fr: text, en: text };
}
