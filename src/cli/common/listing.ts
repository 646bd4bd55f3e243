/** Prints what the program knows as tables with titles, or as JSON. */
import type { Command } from 'commander';
import { say, sayTable } from '../../terminal/say.js';

/** The members of a row are the columns of the table; all rows of a listing have the same. */
export type Listing = {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | readonly string[]>>[];
};

/** `command` tells whether `--json` was given to it, or to its parent, if that has the option. */
export function sayListings(listings: readonly Listing[], command: Command): void {
  const { json } = command.optsWithGlobals<{ readonly json?: boolean }>();
  if (json === true) say(JSON.stringify(listings));
  else
    for (const [index, { title, rows }] of listings.entries()) {
      if (index > 0) say('');
      say(`${title}:`);
      const columns = Object.keys(rows[0] ?? {});
      const cells = rows.map((row) => columns.map((column) => [row[column] ?? ''].flat().join(', ')));
      sayTable(
        columns.map((column) => column.toUpperCase()),
        cells,
      );
    }
}
