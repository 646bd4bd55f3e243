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

/** One text after the other; a separator that differs between the languages is given in both. */
export function joinTexts(texts: readonly Bilingual[], separator: string | Bilingual = ''): Bilingual {
  const { fr, en } = typeof separator === 'string' ? untranslated(separator) : separator;
  return { fr: texts.map((text) => text.fr).join(fr), en: texts.map((text) => text.en).join(en) };
}

/** Makes a text that needs no translation: a path, a name, a number. */
export function untranslated(text: string): Bilingual {
  return { fr: text, en: text };
}
