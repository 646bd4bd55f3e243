/** What a search gives. */
import type { Entry } from 'ldapts';

/** Names of attributes have no case (RFC 4512 2.5). */
export function valuesOf(entry: Entry, attribute: string): readonly (string | Buffer)[] {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const found = name === undefined ? undefined : entry[name];
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}
