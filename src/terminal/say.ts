/**
 * Output of commands: progress and results on standard output, failures on standard error with exit
 * code 1.
 */
import { inBothLanguages, untranslated } from '../kernel/bilingual.js';
import { activity } from './activity.js';
import { styled } from './style.js';
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
