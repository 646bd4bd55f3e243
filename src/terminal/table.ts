/** Prints rows in columns that are as wide as their longest cell. */
import { escapeForTerminal, say } from './say.js';

export function sayTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [columns, ...rows.map((row) => row.map(escapeForTerminal))];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  for (const row of all) {
    const cells = row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
    say(cells.join('  ').trimEnd());
  }
}
