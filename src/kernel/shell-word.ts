/** Characters that no POSIX shell treats specially. */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/** Quotes a text so that a POSIX shell reads it as one word, in commands that people copy. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
