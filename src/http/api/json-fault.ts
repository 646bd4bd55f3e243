/**
 * Finds the place of a syntax error in a text that is not JSON (RFC 8259). JSON.parse does not
 * report the place for every error, and reports it differently in each version of Node.
 */

/**
 * A place in a text; both numbers count from 1. A column is a character (code point), and a line
 * ends with U+000A.
 */
type TextPlace = { readonly line: number; readonly column: number };

/**
 * Returns the place of the first character that is not allowed where it stands. The text must not
 * be valid JSON.
 */
export function jsonFaultPlace(text: string): TextPlace {
  const lines = text.slice(0, faultAt(text)).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

const SPACE = /[ \t\n\r]*/y;
/**
 * The beginning of a string: its opening quote and all characters and escapes that are valid in a
 * string.
 */
const STRING = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * What may come next. In an object or array that has just begun (`first-...`), its end may come
 * too.
 */
type NextToken = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'separator';

function faultAt(text: string): number {
  /** The opening brackets (`{` or `[`) of the objects and arrays that have not ended. */
  const open: string[] = [];
  let expected: NextToken | null = 'value';
  for (let at = endOf(SPACE, text, 0); ; at = endOf(SPACE, text, at)) {
    const begin = at;
    const isScalar = endOf(SCALAR, text, at) > at;
    expected = following(isScalar ? 'scalar' : (text[at] ?? ''), expected, open);
    if (expected === null) return begin;
    if (isScalar) at = endOf(SCALAR, text, at);
    else if (text[at] !== '"') at += 1;
    else {
      at = endOf(STRING, text, at);
      if (text[at] !== '"') return at;
      at += 1;
    }
  }
}

function endOf(part: RegExp, text: string, at: number): number {
  part.lastIndex = at;
  return part.test(text) ? part.lastIndex : at;
}

const ENDS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/**
 * Returns what may come after `token`; null: the token is not allowed here. `token`: a punctuation
 * character, a quote for a string, or `scalar`.
 */
function following(token: string, expected: NextToken, open: string[]): NextToken | null {
  const inner = open.at(-1);
  const mayEnd = expected === 'separator' || expected === 'first-value' || expected === 'first-key';
  if (mayEnd && inner !== undefined && token === ENDS[inner]) {
    open.pop();
    return 'separator';
  }
  switch (expected) {
    case 'key':
    case 'first-key':
      return token === '"' ? 'colon' : null;
    case 'colon':
      return token === ':' ? 'value' : null;
    case 'separator':
      if (token !== ',' || inner === undefined) return null;
      return inner === '{' ? 'key' : 'value';
    case 'value':
    case 'first-value':
      if (token in ENDS) open.push(token);
      if (token in ENDS) return token === '{' ? 'first-key' : 'first-value';
      return token === '"' || token === 'scalar' ? 'separator' : null;
  }
}
