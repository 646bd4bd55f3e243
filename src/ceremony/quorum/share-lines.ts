/**
 * Writes a share file as lines that somebody can type from paper, each with a check code, and reads
 * them again. The share is encrypted: it opens nothing without the passphrase or key of its holder.
 */
import { type Bytes, concat, fromBase64, toBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readShare } from './share-file.js';

/** The number of bytes on a line. They are 48 characters of base64, in four groups. */
const LINE_BYTES = 36;
const GROUP = 12;
const CHECK_CHARACTERS = 4;

/**
 * Returns lines of the form `07 aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc dddddddddddd 3f9a`: number,
 * content in base64, check code of both.
 */
export function shareLines(file: Bytes): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < file.length; at += LINE_BYTES) {
    const number = String(lines.length + 1).padStart(2, '0');
    const content = toBase64(file.subarray(at, at + LINE_BYTES));
    lines.push([number, ...groupsOf(content), checkOf(number, content)].join(' '));
  }
  return lines;
}

function groupsOf(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
}

function checkOf(number: string, content: string): string {
  return sha256Hex(new TextEncoder().encode(`${number} ${content}`)).slice(0, CHECK_CHARACTERS);
}

/**
 * Returns the check code of a share file, 16 hexadecimal digits in groups of four. The printed
 * papers of the share have it too, so that people can compare file and paper.
 */
export function checkCodeOf(file: Bytes): string {
  return groupsOf4(sha256Hex(file).slice(0, 16)).join(' ');
}

function groupsOf4(text: string): readonly string[] {
  return text.match(/.{4}/g) ?? [];
}

/**
 * `line`: for `line-mistyped`, the place in the typed text, from 1; for `line-missing`, the number
 * that the sheet gives to the line; for `not-a-share`, the number of lines.
 */
export type ShareLineFault = { readonly kind: 'line-mistyped' | 'line-missing' | 'not-a-share'; readonly line: number };

/**
 * Reads the share file from typed lines, in any order. The error is the first mistyped line, else
 * the first missing line, else that the lines do not make a share file.
 */
export function readShareLines(typed: readonly string[]): Result<Bytes, ShareLineFault> {
  const parts = new Map<number, Bytes>();
  for (const [at, text] of typed.entries()) {
    const words = text.trim().split(/\s+/u);
    if (words.length < 3) {
      if (text.trim() === '') continue;
      return err({ kind: 'line-mistyped', line: at + 1 });
    }
    const [number = '', ...rest] = words;
    const check = rest.pop() ?? '';
    const content = rest.join('');
    const decoded = fromBase64(content);
    if (decoded === null || check.toLowerCase() !== checkOf(number, content))
      return err({ kind: 'line-mistyped', line: at + 1 });
    parts.set(Number(number), decoded);
  }
  for (let number = 1; number <= parts.size; number += 1)
    if (!parts.has(number)) return err({ kind: 'line-missing', line: number });
  const file = concat([...parts.entries()].sort(([one], [other]) => one - other).map(([, part]) => part));
  return readShare(file) === null ? err({ kind: 'not-a-share', line: parts.size }) : ok(file);
}
