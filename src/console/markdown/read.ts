/**
 * Reads the forms of Markdown in which the pages of `ops/` are written: headings, paragraphs,
 * lists, code, tables, and in texts code, bold and links. Anything else stays as it is written.
 */

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly content: readonly Inline[]; readonly to: string };

const FENCE = /^(`{3,})/;
const HEADING = /^(#{1,6}) +(.*?)\s*#*$/;
const ITEM = /^((?:[-*]|\d{1,3}\.) +)(.*)$/;
const TABLE_RULE = /^\|?[\s:|-]*-[\s:|-]*\|?$/;

/** The block that some lines begin with, and how many lines it has. */
type BlockStart = { readonly block: Block; readonly lines: number };

export function readMarkdown(text: string): readonly Block[] {
  return blocksOf(text.split(/\r?\n/));
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const rest = lines.slice(at);
    if (isEmpty(rest[0])) {
      at += 1;
      continue;
    }
    const taken = fence(rest) ?? heading(rest) ?? table(rest) ?? list(rest) ?? paragraph(rest);
    blocks.push(taken.block);
    at += taken.lines;
  }
  return blocks;
}

function isEmpty(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** How many lines come before the first one that ends a block; all of them, if none does. */
function countUntil(lines: readonly string[], ends: (line: string, at: number) => boolean): number {
  const found = lines.findIndex(ends);
  return found === -1 ? lines.length : found;
}

function fence(lines: readonly string[]): BlockStart | null {
  const [, mark] = FENCE.exec(lines[0] ?? '') ?? [];
  if (mark === undefined) return null;
  const content = lines.slice(1);
  const count = countUntil(content, (line) => line.trim() === mark);
  return { block: { kind: 'code', text: content.slice(0, count).join('\n') }, lines: count + 2 };
}

function heading([line = '']: readonly string[]): BlockStart | null {
  const [, marks, text] = HEADING.exec(line) ?? [];
  if (marks === undefined || text === undefined) return null;
  return { block: { kind: 'heading', level: marks.length, text }, lines: 1 };
}

function table(lines: readonly string[]): BlockStart | null {
  const [first = '', rule = ''] = lines;
  if (!first.startsWith('|') || !TABLE_RULE.test(rule)) return null;
  const count = countUntil(lines, (line) => !line.startsWith('|'));
  const rows = lines.slice(2, count).map(cellsOf);
  return { block: { kind: 'table', head: cellsOf(first), rows }, lines: count };
}

/** A bar within a cell is written `\|`. */
function cellsOf(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/**
 * The lines of an item are those that are indented below it; the lines of a paragraph need no
 * indentation.
 */
function list(lines: readonly string[]): BlockStart | null {
  const [, marker] = ITEM.exec(lines[0] ?? '') ?? [];
  if (marker === undefined) return null;
  const isOrdered = /^\d/.test(marker);
  const items: (readonly Block[])[] = [];
  let at = 0;
  while (at < lines.length) {
    const [, own, text = ''] = ITEM.exec(lines[at] ?? '') ?? [];
    if (own === undefined || /^\d/.test(own) !== isOrdered) break;
    const below = lines.slice(at + 1);
    const count = countUntil(below, (line, index) => {
      if (isEmpty(line)) return !isIndented(below.slice(index).find((next) => !isEmpty(next)));
      return !isIndented(line) && (isEmpty(below[index - 1] ?? text) || isBegin(line));
    });
    items.push(blocksOf([text, ...below.slice(0, count).map((line) => unindented(line, own.length))]));
    at += 1 + count;
    at += isEmpty(lines[at]) && ITEM.test(lines[at + 1] ?? '') ? 1 : 0;
  }
  return { block: { kind: 'list', isOrdered, items }, lines: at };
}

function isIndented(line: string | undefined): boolean {
  return /^ {2,}\S/.test(line ?? '');
}

function unindented(line: string, width: number): string {
  return line.replace(new RegExp(`^ {1,${width}}`), '');
}

/** Whether a line begins a block, also directly below a paragraph. */
function isBegin(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || line.startsWith('|');
}

function paragraph(lines: readonly string[]): BlockStart {
  const count = 1 + countUntil(lines.slice(1), (line) => isEmpty(line) || isBegin(line));
  const text = lines
    .slice(0, count)
    .map((line) => line.trim())
    .join(' ');
  return { block: { kind: 'paragraph', text }, lines: count };
}

const INLINE =
  /(`+)(.+?)\1(?!`)|\*\*(.+?)\*\*|\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)|<(https?:[^>\s]+)>|\\([\\`*[\]()<>|#_-])/g;

export function readInline(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push(inlineOf(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

function inlineOf([, , code, bold, label, to, address, escaped]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code.trim() };
  if (bold !== undefined) return { kind: 'bold', content: readInline(bold) };
  if (label !== undefined && to !== undefined) return { kind: 'link', content: readInline(label), to };
  if (address !== undefined) return { kind: 'link', content: [{ kind: 'text', text: address }], to: address };
  return { kind: 'text', text: escaped ?? '' };
}

/** A text without its marks, for what has room for plain text only. */
export function plainText(inline: readonly Inline[]): string {
  return inline.map((part) => ('text' in part ? part.text : plainText(part.content))).join('');
}

/** The anchor of a heading, as GitHub makes it: `Who sees what` is `who-sees-what`. */
export function anchorOf(heading: string): string {
  return plainText(readInline(heading))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
