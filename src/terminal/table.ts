/** Prints rows in columns that are as wide as their longest cell, below their heads. */
import { escapeForTerminal, say } from './say.js';
import { styled } from './style.js';

export function sayTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [columns, ...rows.map((row) => row.map(escapeForTerminal))];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  for (const [index, row] of all.entries()) {
    const cells = row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
    const line = cells.join('  ').trimEnd();
    say(index === 0 ? styled('head', line) : line);
  }
}
