/** Texts in both languages. Officers and auditors read French first. */
export type Bilingual = { readonly fr: string; readonly en: string };

/** Example: `la chaîne est intacte / the chain holds`. */
export function both({ fr, en }: Bilingual): string {
  return `${fr} / ${en}`;
}

/** A text that needs no translation: a path, a name, a number. */
export function same(text: string): Bilingual {
  return { fr: text, en: text };
}

export function keyOnToken({ key, token }: { readonly key: string; readonly token: string }): Bilingual {
  return { fr: `clé ${key} sur le jeton ${token}`, en: `key ${key} on token ${token}` };
}
