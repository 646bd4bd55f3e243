/** Figures as a table for people: on the terminal, and in ops/bench.md. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export type Line = {
  readonly what: string;
  readonly figure: string;
  /** Measured in the same run. */
  readonly limit?: string;
  readonly ratio?: string;
  /** What ratio or figure should be; `missed` stands beside one that is not. */
  readonly goal?: string;
};

/** A ratio beside the least it should be. */
export function atLeast(ratio: number, goal: number): Pick<Line, 'ratio' | 'goal'> {
  return { ratio: percent(ratio), goal: `at least ${percent(goal)}${ratio >= goal ? '' : ': missed'}` };
}

export function atMost(ratio: number, goal: number): Pick<Line, 'ratio' | 'goal'> {
  return { ratio: percent(ratio), goal: `at most ${percent(goal)}${ratio <= goal ? '' : ': missed'}` };
}

export function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}

/** When, of which version and on which machine, without anything that names it or its owner. */
export function circumstances(quick: boolean): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const openssl = execFileSync('openssl', ['version'], { encoding: 'utf8' }).split(' ').slice(0, 2).join(' ');
  const system = /^PRETTY_NAME="?([^"\n]+)/m.exec(readQuietly('/etc/os-release'))?.[1] ?? process.platform;
  const [kernel] = release().split('-');
  const [day, time] = new Date().toISOString().slice(0, 16).split('T');
  return [
    `Measured on ${day} at ${time} UTC${quick ? ' in a quick run' : ''}, commit ${commit()}.`,
    `Node ${process.versions.node} (OpenSSL ${process.versions.openssl}), ${openssl}, SoftHSM;`,
    `${cpus().length} x ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; ${system}, Linux ${kernel}.`,
  ].join(' ');
}

/** A copy of the sources without a repository has none. */
function commit(): string {
  try {
    const told = ['describe', '--always', '--dirty', '--exclude=*'];
    return execFileSync('git', told, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const COLUMNS = ['what', 'figure', 'limit', 'ratio', 'goal'] as const;
const TITLES = { what: 'What', figure: 'Measured', limit: 'Limit', ratio: 'Ratio', goal: 'Goal' } as const;

export function renderTable(lines: readonly Line[]): string {
  return markdownTable([COLUMNS.map((column) => TITLES[column]), ...lines.map(cellsOf)]);
}

function cellsOf(line: Line): readonly string[] {
  return COLUMNS.map((column) => line[column] ?? '');
}

/** A table of Markdown. The first row is the head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const shown = (row: readonly string[]): string =>
    `| ${head.map((_, at) => `${row[at] ?? ''} |`.trimStart()).join(' ')}`;
  return [shown(head), `|${' --- |'.repeat(head.length)}`, ...rows.slice(1).map(shown)].join('\n');
}

/**
 * Replaces the rows of a part on the page by its first figure that has a goal and every figure
 * that misses its goal, so that the page stays short. Figures that reach their goals are printed.
 */
export function writeFigures(
  page: string,
  { part, lines, quick }: { readonly part: string; readonly lines: readonly Line[]; readonly quick: boolean },
): void {
  const measured = `${new Date().toISOString().slice(0, 10)}, ${commit()}${quick ? ', quick run' : ''}`;
  const rows = lines
    .filter(({ goal }) => goal !== undefined)
    .filter(({ goal }, index) => index === 0 || goal?.endsWith(': missed'))
    .map((line) => `| ${[part, ...cellsOf(line), measured].join(' | ')} |`);
  const text = readFileSync(page, 'utf8').trimEnd().split('\n');
  const isOld = (row: string): boolean => row.startsWith(`| ${part} |`);
  const first = text.findIndex(isOld);
  const kept = text.filter((row) => !isOld(row));
  kept.splice(first < 0 ? kept.length : first, 0, ...rows);
  writeFileSync(page, `${kept.join('\n')}\n`);
}
