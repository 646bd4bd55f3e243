/**
 * Output of commands: progress and results on standard output, failures on standard error with exit
 * code 1.
 */

import { styleText } from 'node:util';
import { inBothLanguages, untranslated } from '../kernel/bilingual.js';
import { activity } from './activity.js';
import { systemErrorText } from './system-error.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader may close the pipe early: `pfcng play | head`.
  if (error.code === 'EPIPE') process.exit();
  // Otherwise the output is incomplete, for example on a full disk.
  fail([inBothLanguages(systemErrorText(error) ?? untranslated(error.message))]);
  process.exit();
});

export function say(line = ''): void {
  activity().clear();
  process.stdout.write(`${line}\n`);
}

/**
 * Makes a text from elsewhere safe for a terminal: control and other invisible characters become
 * U+..., so that a file can neither move the cursor nor hide earlier output.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/**
 * Prints the reason, and the next step if there is one; the command ends with exit code 1. The
 * lines may contain text from elsewhere.
 */
export function fail(lines: readonly string[]): void {
  activity().clear();
  const name = styled('bad', 'pfcng:', process.stderr);
  for (const line of lines) process.stderr.write(`${name} ${escapeForTerminal(line)}\n`);
  process.exitCode = 1;
}

/**
 * Colours for people at a terminal. A pipe or a file gets plain text, and so does a terminal where
 * NO_COLOR is set: `styleText` of Node looks at the stream and at the environment.
 */

/** What a text stands for. */
type TextKind = 'head' | 'good' | 'doubtful' | 'bad';

const STYLES = { head: 'bold', good: 'green', doubtful: 'yellow', bad: 'red' } as const satisfies Readonly<
  Record<TextKind, Parameters<typeof styleText>[0]>
>;

/** Returns the text as it is written to `stream`. */
export function styled(kind: TextKind, text: string, stream: NodeJS.WritableStream = process.stdout): string {
  return styleText(STYLES[kind], text, { stream });
}

/** Prints rows in columns that are as wide as their longest cell, below their heads. */
export function sayTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [columns, ...rows.map((row) => row.map(escapeForTerminal))];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  for (const [index, row] of all.entries()) {
    const cells = row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
    const line = cells.join('  ').trimEnd();
    say(index === 0 ? styled('head', line) : line);
  }
}
