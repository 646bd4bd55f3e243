/**
 * Shows the attributes of the keys as read from their tokens. Keys with equal attributes are
 * grouped.
 */
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Block } from './document.js';
import type { MinutesRow } from './rows.js';

/** The meaning of each attribute when it is CK_TRUE (PKCS#11 v2.40, 4.4, 4.7 and 4.9). */
const MEANINGS: Readonly<Record<string, Bilingual>> = {
  CKA_TOKEN: { fr: 'gardée sur le jeton', en: 'stored on the token' },
  CKA_PRIVATE: { fr: 'inaccessible sans le code PIN', en: 'inaccessible without the PIN' },
  CKA_LOCAL: { fr: 'générée sur le jeton', en: 'generated on the token' },
  CKA_SENSITIVE: { fr: 'ne peut pas être lue en clair', en: 'cannot be read in plain text' },
  CKA_ALWAYS_SENSITIVE: { fr: "n'a jamais pu être lue en clair", en: 'could never be read in plain text' },
  CKA_EXTRACTABLE: { fr: 'peut être exportée', en: 'can be exported' },
  CKA_NEVER_EXTRACTABLE: { fr: "n'a jamais pu être exportée", en: 'could never be exported' },
  CKA_SIGN: { fr: 'peut signer', en: 'can sign' },
  CKA_SIGN_RECOVER: { fr: 'peut signer avec recouvrement', en: 'can sign with message recovery' },
  CKA_DECRYPT: { fr: 'peut déchiffrer', en: 'can decrypt' },
  CKA_DERIVE: { fr: "peut dériver d'autres clés", en: 'can derive other keys' },
  CKA_UNWRAP: { fr: "peut désencapsuler d'autres clés", en: 'can unwrap other keys' },
};

type Group = { readonly keys: string[]; readonly attributes: { readonly [name: string]: Json } };

export function attributeBlocks(
  keys: readonly Extract<MinutesRow, { readonly table: 'attributes' }>[],
): readonly Block[] {
  const groups = new Map<string, Group>();
  for (const { key, attributes } of keys) {
    if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) continue;
    const recorded = attributes as Group['attributes'];
    const group = groups.get(canonicalJson(recorded)) ?? { keys: [], attributes: recorded };
    group.keys.push(key);
    groups.set(canonicalJson(recorded), group);
  }
  return [...groups.values()].map(({ keys: grouped, attributes }) => ({
    kind: 'verbatim',
    title: titleOf(grouped.join(', ')),
    lines: Object.entries(attributes).map(([name, value]) => {
      const words = MEANINGS[name];
      return `${name.padEnd(24)} ${wordsOf(value).padEnd(10)} ${words === undefined ? '' : inBothLanguages(words)}`.trimEnd();
    }),
  }));
}

function wordsOf(value: Json): string {
  if (typeof value !== 'boolean') return `${value}`;
  return inBothLanguages(value ? { fr: 'oui', en: 'yes' } : { fr: 'non', en: 'no' });
}

function titleOf(keys: string): Bilingual {
  return { fr: `Attributs relus sur le jeton : ${keys}`, en: `Attributes read back from the token: ${keys}` };
}
