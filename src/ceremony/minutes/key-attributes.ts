/** The attributes of every key, as its token told them: keys that have the same stand together. */
import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Entry } from '../transcript.js';
import type { Words } from '../words.js';
import type { Block } from './document.js';

type Group = { readonly keys: string[]; readonly attributes: { readonly [name: string]: Json } };

export function attributeBlocks(entries: readonly Entry[]): readonly Block[] {
  const groups = new Map<string, Group>();
  for (const { action, result } of entries) {
    const { attributes, key, token } = result;
    const isRead = action === 'generate-key' || action === 'read-key';
    if (!isRead || typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) continue;
    const told = attributes as Group['attributes'];
    const group = groups.get(canonicalJson(told)) ?? { keys: [], attributes: told };
    group.keys.push(`${key} (${token})`);
    groups.set(canonicalJson(told), group);
  }
  return [...groups.values()].map(({ keys, attributes }) => ({
    kind: 'verbatim',
    title: titleOf(keys.join(', ')),
    lines: Object.entries(attributes).map(([name, value]) => `${name.padEnd(24)} ${value}`),
  }));
}

function titleOf(keys: string): Words {
  return { fr: `Attributs relus sur le jeton : ${keys}`, en: `Attributes read back from the token: ${keys}` };
}
