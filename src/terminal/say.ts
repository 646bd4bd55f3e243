/** What a command says to people: progress and results on standard output, failures on standard error with exit code 1. */
// Who listens may stop listening: `pfcng play | head`.
process.stdout.on('error', () => process.exit());

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/**
 * A text that somebody else has written, for a terminal: what is not drawn is named, so that a file neither moves the cursor nor
 * hides what was said before.
 */
export function drawn(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** Says why, and what to do next if it is known; the command ends with exit code 1. Why is often what somebody else has written. */
export function fail(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`pfcng: ${drawn(line)}\n`);
  process.exitCode = 1;
}
