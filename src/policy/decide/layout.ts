/**
 * Changes members of a JSON file and keeps the layout of the rest, so that a version control system
 * shows the changed lines only. What is written has the format of this repository (`npm run
 * format`): two spaces, 120 columns, an object stays on several lines where it was.
 */
import { assert, present } from '../../kernel/assert.js';
import type { Json } from '../../kernel/json.js';
import type { Body } from './places.js';

const COLUMNS = 120;
const INDENT = 2;

/** Where a value is in the text, and which objects in it are on several lines. */
type Layout = {
  readonly start: number;
  readonly end: number;
  readonly expanded: boolean;
  /** By member name or index; empty for other values. */
  readonly parts: ReadonlyMap<string, Layout>;
};

/** `text` is valid JSON, an object without duplicate keys; `body` has all of its members. */
export function rewritten(text: string, body: Body): string {
  const root = readLayout(text);
  const before = JSON.parse(text) as Body;
  const isChanged = (name: string): boolean => JSON.stringify(body[name]) !== JSON.stringify(before[name]);
  const changed = Object.keys(body).filter(isChanged);
  assert(
    Object.keys(before).every((name) => name in body),
    'no member is removed',
  );
  const last = [...root.parts.values()].at(-1);
  if (!root.expanded || last === undefined) return printWhole(text, root, body);
  const added = changed.filter((name) => !root.parts.has(name));
  const edits = changed.map((name) => {
    const layout = root.parts.get(name);
    const isLast = name === added.at(-1) || (layout === last && added.length === 0);
    const member = `${JSON.stringify(name)}: `;
    const at = { indent: INDENT, column: INDENT + member.length, after: isLast ? 0 : 1 };
    const value = print(body[name] ?? null, layout, at);
    return layout === undefined
      ? { start: last.end, end: last.end, text: `,\n${' '.repeat(INDENT)}${member}${value}` }
      : { start: layout.start, end: layout.end, text: value };
  });
  // From the end, so that the places before an edit stay where they are.
  return edits.reduceRight((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

/** A file with everything on one line gets the format of this repository. */
function printWhole(text: string, root: Layout, body: Body): string {
  const printed = print(body, { ...root, expanded: true }, { indent: 0, column: 0, after: 0 });
  return `${text.slice(0, root.start)}${printed}${text.slice(root.end)}`;
}

/** `after`: how many characters follow the value on its line, a comma or nothing. */
type Position = { readonly indent: number; readonly column: number; readonly after: number };

function print(value: Json, layout: Layout | undefined, { indent, column, after }: Position): string {
  const flat = onOneLine(value);
  const fits = column + [...flat].length + after <= COLUMNS;
  const parts = partsOf(value);
  if ((fits && !isExpanded(layout, value)) || parts.length === 0) return flat;
  const inner = indent + INDENT;
  const lines = parts.map(({ key, prefix, part }, at) => {
    const isLast = at === parts.length - 1;
    const position = { indent: inner, column: inner + [...prefix].length, after: isLast ? 0 : 1 };
    return `${' '.repeat(inner)}${prefix}${print(part, layout?.parts.get(key), position)}${isLast ? '' : ','}\n`;
  });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`;
}

/** `{ "days": 90 }`, `["card"]`. */
export function onOneLine(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = partsOf(value).map(({ prefix, part }) => prefix + onOneLine(part));
  if (Array.isArray(value)) return `[${parts.join(', ')}]`;
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

type Part = { readonly key: string; readonly prefix: string; readonly part: Json };

function partsOf(value: Json): readonly Part[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.map((part: Json, at) => ({ key: String(at), prefix: '', part }));
  return Object.entries(value).map(([key, part]) => ({ key, prefix: `${JSON.stringify(key)}: `, part }));
}

/** An object that was on several lines stays so, and with it everything around it. */
function isExpanded(layout: Layout | undefined, value: Json): boolean {
  if (layout === undefined || typeof value !== 'object' || value === null) return false;
  if (layout.expanded && !Array.isArray(value)) return true;
  return partsOf(value).some(({ key, part }) => isExpanded(layout.parts.get(key), part));
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Reads the places of all values in valid JSON. */
function readLayout(text: string): Layout {
  const tokens = [...text.matchAll(TOKENS)].map((found) => ({ token: found[0], start: found.index }));
  let at = 0;
  const next = (): { readonly token: string; readonly start: number } => {
    const found = present(tokens[at], 'token of valid JSON');
    at += 1;
    return found;
  };
  const peek = (): string | undefined => tokens[at]?.token;
  const read = (): Layout => {
    const { token, start } = next();
    const parts = new Map<string, Layout>();
    if (token !== '{' && token !== '[') return { start, end: start + token.length, expanded: false, parts };
    const first = tokens[at]?.start ?? start;
    const expanded = text.slice(start, first).includes('\n');
    const close = token === '{' ? '}' : ']';
    while (peek() !== close) {
      const key = token === '{' ? String(JSON.parse(next().token)) : String(parts.size);
      if (token === '{') next();
      parts.set(key, read());
      if (peek() === ',') next();
    }
    const end = next().start + 1;
    return { start, end, expanded, parts };
  };
  return read();
}
