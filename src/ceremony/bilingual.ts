/** Texts in both languages. Officers and auditors read French first. */
export type Bilingual = { readonly fr: string; readonly en: string };

/** Joins both languages on one line: `la chaîne est intacte / the chain holds`. */
export function inBothLanguages({ fr, en }: Bilingual): string {
  return `${fr} / ${en}`;
}

/** Makes a text that needs no translation: a path, a name, a number. */
export function untranslated(text: string): Bilingual {
  return { fr: text, en: text };
}

export function keyOnToken({ key, token }: { readonly key: string; readonly token: string }): Bilingual {
  return { fr: `clé ${key} sur le jeton ${token}`, en: `key ${key} on token ${token}` };
}
