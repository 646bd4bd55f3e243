/** What people read, in both languages: officers and auditors read French first. */
export type Words = { readonly fr: string; readonly en: string };

/** `la chaîne est intacte / the chain holds`. */
export function both({ fr, en }: Words): string {
  return `${fr} / ${en}`;
}

/** A path, a name, a number: the same in every language. */
export function same(text: string): Words {
  return { fr: text, en: text };
}

export function keyOnToken({ key, token }: { readonly key: string; readonly token: string }): Words {
  return { fr: `clé ${key} sur le jeton ${token}`, en: `key ${key} on token ${token}` };
}
