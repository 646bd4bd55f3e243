import type { Bilingual } from '../kernel/bilingual.js';

/** Names a key and its token in messages. */
export function keyOnToken({ key, token }: { readonly key: string; readonly token: string }): Bilingual {
  return { fr: `clé ${key} sur le jeton ${token}`, en: `key ${key} on token ${token}` };
}
