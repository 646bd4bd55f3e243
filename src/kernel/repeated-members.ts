/**
 * Members that stand twice in one object (RFC 8259 section 4: what becomes of them differs from parser to parser). JSON.parse takes the
 * last one without a word; whoever read the text before us, a person, a proxy or a log, may have taken the first.
 */
import { escapePointer } from './json-pointer.js';

/** In valid JSON nothing else matters: texts, and what structures are made of. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/** An object with the names that it has so far, or an array with the place of its element. */
type Open = { readonly names: Set<string> | null; at: string | number };

/** JSON pointers of them, in text that JSON.parse has taken. Whoever needs the first alone stops there: text of strangers may have many. */
export function* repeatedMembers(json: string): Generator<string> {
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
      if (inner.names.has(name)) yield open.map(({ at }) => `/${escapePointer(String(at))}`).join('');
      inner.names.add(name);
    }
  }
}
