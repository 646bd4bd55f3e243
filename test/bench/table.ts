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

const END = '<!-- end of figures -->';

/** Puts the figures of a part where the page has them; the words around stay. */
export function writeFigures(page: string, part: string, figures: string): void {
  const text = readFileSync(page, 'utf8');
  const begin = `<!-- figures: npm run bench -- --only ${part} --write -->`;
  const at = text.indexOf(begin);
  const end = text.indexOf(END, at);
  if (at < 0 || end < 0) throw new Error(`${page} has no place for the figures of ${part}`);
  writeFileSync(page, `${text.slice(0, at)}${begin}\n\n${figures}\n\n${text.slice(end)}`);
}
