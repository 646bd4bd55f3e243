/**
 * A member that stands twice in one object (RFC 8259 section 4: what becomes of it differs from parser to parser). JSON.parse
 * takes the last one without a word; whatever read the request before us, a proxy or a log, may have taken the first.
 */
import { escapePointer } from '../policy/json-pointer.js';

/** In valid JSON nothing else matters: texts, and what structures are made of. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/** An object with the names that it has so far, or an array with the place of its element. */
type Open = { readonly names: Set<string> | null; at: string | number };

/** JSON pointer of the first one, in text that JSON.parse has taken; null: none. */
export function repeatedMember(json: string): string | null {
  const open: Open[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKENS)) {
    const inner = open.at(-1);
    if (token === '{') open.push({ names: new Set(), at: '' });
    else if (token === '[') open.push({ names: null, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (inner?.names === null && typeof inner.at === 'number') inner.at += 1;
    } else if (token !== ':') text = token;
    else if (inner?.names) {
      const name = String(JSON.parse(text));
      inner.at = name;
      if (inner.names.has(name)) return open.map(({ at }) => `/${escapePointer(String(at))}`).join('');
      inner.names.add(name);
    }
  }
  return null;
}
