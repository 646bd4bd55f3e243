/**
 * Finds duplicate keys in JSON objects (RFC 8259 section 4: parsers differ in what they do with
 * them). JSON.parse silently takes the last value, but a person, a proxy or a log that read the
 * text before us may have taken the first.
 */
import { escapePointer } from './json-pointer.js';

/** The tokens that matter in valid JSON: strings and structure characters. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/** An object with the keys read so far, or an array with the index of its current element. */
type OpenStructure = { readonly names: Set<string> | null; at: string | number };

/**
 * Yields the JSON pointers of duplicate keys, in text that JSON.parse has accepted. A caller that
 * needs only the first one should stop there, because hostile text may have very many.
 */
export function* duplicateKeys(json: string): Generator<string> {
  const open: OpenStructure[] = [];
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
