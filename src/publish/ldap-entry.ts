/** The entries that a search returns. */
import type { Entry } from 'ldapts';
import type { Bytes } from '../kernel/bytes.js';

/** Attribute names are case-insensitive (RFC 4512 2.5). */
export function valuesOf(entry: Entry, attribute: string): readonly (string | Buffer)[] {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const found = name === undefined ? undefined : entry[name];
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

/** A value as a stream of one chunk. */
export async function* once(value: Bytes): AsyncGenerator<Bytes, void, undefined> {
  yield value;
}
