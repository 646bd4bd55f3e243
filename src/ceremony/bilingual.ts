/** What people read, in both languages: officers and auditors read French first. */
export type Bilingual = { readonly fr: string; readonly en: string };

/** `la chaîne est intacte / the chain holds`. */
export function both({ fr, en }: Bilingual): string {
  return `${fr} / ${en}`;
}

/** A path, a name, a number: the same in every language. */
export function same(text: string): Bilingual {
  return { fr: text, en: text };
}

export function keyOnToken({ key, token }: { readonly key: string; readonly token: string }): Bilingual {
  return { fr: `clé ${key} sur le jeton ${token}`, en: `key ${key} on token ${token}` };
}
