/** A profile for people: a few lines of Markdown. */
import type { Attribution, Share } from './attribution.js';
import { markdownTable, percent } from './table.js';

const FOLDERS_MAX = 14;
const FUNCTIONS_MAX = 10;
const INCLUSIVE_MAX = 14;

export function describeShares(
  title: string,
  given: { readonly attribution: Attribution; readonly count: number; readonly unit: 'us' | 'ms' },
): string {
  const { attribution, count, unit } = given;
  const factor = unit === 'us' ? 1000 : 1;
  const each = (ms: number): string => ((factor * ms) / count).toFixed(unit === 'us' ? 1 : 3);
  const list = (shares: readonly Share[], max: number): readonly (readonly string[])[] =>
    shares.slice(0, max).map(({ name, ms, part }) => [name, each(ms), percent(part)]);
  const { busyMs, idleMs, folders, functions, inclusive } = attribution;
  const busy = busyMs / (busyMs + idleMs);
  const share = `the thread busy ${(100 * busy).toFixed(0)} % of the time`;
  const head = `${title}: ${each(busyMs)} in all, ${share} (sampled, with waits for a processor)`;
  const table = (what: string, rows: readonly (readonly string[])[]): string =>
    markdownTable([[what, unit, 'part'], ...rows]);
  return [
    `${head}.`,
    table('By folder, own time', list(folders, FOLDERS_MAX)),
    table('By function, own time', list(functions, FUNCTIONS_MAX)),
    table('By function, with what it calls', list(inclusive, INCLUSIVE_MAX)),
  ].join('\n\n');
}
