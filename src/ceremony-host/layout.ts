/**
 * Lines of the screen of a ceremony in one language, at most 100 columns wide: long ones continue
 * below, indented, and are broken between words.
 */
import { NO_BREAK_SPACE, withFixedSpaces } from '../ceremony/minutes/html.js';
import type { ScreenLine } from '../ceremony/sitting/terminal.js';
import { type Bilingual, inBothLanguages, type Language } from '../kernel/bilingual.js';
import { escapeForTerminal, fail, say } from '../terminal/say.js';

const COLUMNS_MAX = 100;

/** `fail` prints why a command ends, with exit code 1. */
export type Screen = {
  readonly show: (lines: readonly ScreenLine[]) => void;
  readonly fail: (lines: readonly Bilingual[]) => void;
};

/** The screen of the people at a ceremony, in their language. */
export function screenIn(language: Language): Screen {
  return {
    show(lines) {
      for (const line of layOut(lines, language, COLUMNS_MAX)) say(line);
    },
    fail: (lines) => fail(layOut(lines, language, COLUMNS_MAX - 'pfcng: '.length)),
  };
}

/** The screen of commands whose readers are not asked for their language: one line has both. */
export const BOTH_LANGUAGES: Screen = {
  show(lines) {
    for (const line of lines)
      say(
        escapeForTerminal(
          'label' in line ? `${inBothLanguages(line.label)}: ${inBothLanguages(line.value)}` : inBothLanguages(line),
        ),
      );
  },
  fail: (lines) => fail(lines.map(inBothLanguages)),
};

/** The column in which the values of labelled lines begin. */
const VALUE_COLUMN = 30;

/** The spaces and the marks of a list at the beginning of a line. */
const BEGINNING = /^ *(?:- |\d+\. )?/;

function layOut(lines: readonly ScreenLine[], language: Language, widthMax: number): readonly string[] {
  return lines.flatMap((line) => {
    if ('label' in line) {
      const label = `  ${escapeForTerminal(line.label[language])}`.padEnd(VALUE_COLUMN - 1);
      return wrapLine(`${label} ${hashesInGroups(escapeForTerminal(line.value[language]))}`, {
        widthMax,
        indent: VALUE_COLUMN,
      });
    }
    const text = hashesInGroups(escapeForTerminal(line[language]));
    return wrapLine(text, { widthMax, indent: indentOf(text) });
  });
}

/** Wraps a line at 100 columns, for the other commands that ask questions at a terminal. */
export function withinColumns(line: string): readonly string[] {
  return wrapLine(line, { widthMax: COLUMNS_MAX, indent: indentOf(line) });
}

function indentOf(line: string): number {
  const begins = BEGINNING.exec(line)?.[0].length ?? 0;
  return begins === 0 ? 2 : begins;
}

/**
 * People compare hashes by groups of four digits. A line ends after half a hash or after a whole
 * one; the two groups of a code stay together.
 */
function hashesInGroups(text: string): string {
  const codes = text.replace(/\b([0-9a-f]{4}) ([0-9a-f]{4})\b/g, `$1${NO_BREAK_SPACE}$2`);
  return codes.replace(/\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g, (hash) => {
    const groups = hash.match(/.{4}/g) ?? [];
    const half = groups.length / 2;
    return [groups.slice(0, half), groups.slice(half)].map((part) => part.join(NO_BREAK_SPACE)).join(' ');
  });
}

function wrapLine(
  text: string,
  { widthMax, indent }: { readonly widthMax: number; readonly indent: number },
): readonly string[] {
  const lines: string[] = [];
  let rest = withFixedSpaces(text);
  let begins = 0;
  // Columns are counted in code points: letters with accents are composed, and none is wide.
  while ([...rest].length > widthMax) {
    const head = [...rest].slice(0, widthMax + 1).join('');
    const space = head.lastIndexOf(' ');
    // A word that is longer than a line (a path) is cut.
    const cut = space > begins ? space : [...head].slice(0, widthMax).join('').length;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = `${' '.repeat(indent)}${rest.slice(cut).trimStart()}`;
    begins = indent;
  }
  return [...lines, rest.trimEnd()].map((line) => line.replaceAll(NO_BREAK_SPACE, ' '));
}
