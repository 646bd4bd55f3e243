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

/** The machine and the day, without anything that names either its owner or itself. */
export function circumstances(quick: boolean): readonly string[] {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const openssl = execFileSync('openssl', ['version'], { encoding: 'utf8' }).split(' ').slice(0, 2).join(' ');
  const system = /^PRETTY_NAME="?([^"\n]+)/m.exec(readQuietly('/etc/os-release'))?.[1] ?? process.platform;
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC${quick ? ', quick run' : ''}`,
    `${cpus().length} x ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; ${system}, Linux ${release()}`,
    `Node ${process.versions.node} (OpenSSL ${process.versions.openssl}), ${openssl}, SoftHSM`,
  ];
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
  return alignedTable([COLUMNS.map((column) => TITLES[column]), ...lines.map(cellsOf)]);
}

function cellsOf(line: Line): readonly string[] {
  return COLUMNS.map((column) => line[column] ?? '');
}

/**
 * Markdown that is readable as it stands, and as the formatter wants it. The first row is the
 * head.
 */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, at) => Math.max(3, ...rows.map((row) => (row[at] ?? '').length)));
  const shown = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = shown(widths.map((width) => '-'.repeat(width)));
  return [shown(head), rule, ...rows.slice(1).map(shown)].join('\n');
}

const BEGIN = '<!-- figures: written by `npm run bench -- --write` -->';
const END = '<!-- end of figures -->';

/** Puts the figures where the page has them; the words around stay. */
export function writeFigures(page: string, figures: string): void {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for figures`);
  writeFileSync(page, `${before}${BEGIN}\n\n${figures}\n\n${END}${after}`);
}
