/** The type of an object that has the members of all parts. */
type MembersOf<Parts extends readonly object[]> = Parts extends readonly [
  infer First,
  ...infer Rest extends readonly object[],
]
  ? First & MembersOf<Rest>
  : unknown;

/**
 * Returns one object with the members of all parts. If two parts have a member of the same name,
 * the later part wins. An object literal that spreads dozens of parts takes V8 fifty times as long,
 * which is longer than the statements of a transaction take.
 */
export function combine<Parts extends readonly object[]>(...parts: Parts): MembersOf<Parts> {
  return Object.assign({}, ...parts);
}
