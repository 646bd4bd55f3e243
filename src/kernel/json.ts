/**
 * A JSON value. `canonicalJson` gives its one canonical text (RFC 8785: keys sorted by UTF-16 code
 * units, no white space). Members that are undefined are left out, as `JSON.stringify` does.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Parses a text that may not be JSON; undefined: it is not. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether a value that was parsed from JSON is an object, and neither an array nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the members of a value; no members if it is absent or not an object. */
export function membersOf(value: Json | undefined): { readonly [name: string]: Json } {
  return isObject(value) ? (value as { readonly [name: string]: Json }) : {};
}

export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as { readonly [key: string]: Json };
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] as Json)}`);
  return `{${members.join(',')}}`;
}
