/**
 * Ceremonies that are killed (SIGKILL) at every write, each time at another one, and resumed by the
 * next process until they end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CEREMONY_PROGRAM } from '../service/home.js';

export type DyingJob = {
  /** The id of the plan. */
  readonly id: string;
  readonly home: string;
  readonly planFile: string;
};

/**
 * Ceremonies that run one after the other in one home; `prepare`: what happens to the home in
 * between.
 */
export type Chain = readonly (DyingJob & { readonly prepare?: () => Promise<void> })[];

export type CeremonyOutcome = { readonly id: string; readonly kind: string; readonly lines?: readonly string[] };

export type FileContents = ReadonlyMap<string, Uint8Array>;

const DYING = fileURLToPath(new URL('./dying.js', import.meta.url));
const STARTS_MAX = 250;

export type KillReport = {
  /** The writes at which each ceremony was killed, in their order. */
  readonly points: ReadonlyMap<string, readonly string[]>;
  /** PINs, passphrases and shares that were in memory. */
  readonly secrets: readonly { readonly kind: string; readonly bytes: Buffer }[];
  /** Every content that a file had after a process died, by its path. */
  readonly left: FileContents;
  readonly starts: number;
};

/**
 * `folder`: an empty one. Throws when a ceremony cannot be resumed, with the write at which it was
 * killed last.
 */
export async function killAtEveryWrite(chains: readonly Chain[], folder: string): Promise<KillReport> {
  const waiting = chains.map((chain) => [...chain]);
  const left = new Map<string, Uint8Array>();
  const seen = new Map<string, string>();
  for (const chain of waiting) await chain[0]?.prepare?.();
  for (let starts = 1; ; starts += 1) {
    if (starts > STARTS_MAX) throw new Error(`not through after ${STARTS_MAX} starts: ${pointsIn(folder).at(-1)}`);
    // Each start begins with another chain, because a job that kills the process at once leaves no
    // turn to the later ones.
    const order = waiting.map((_, at) => waiting[(at + starts) % waiting.length] ?? []);
    const jobs = order.flatMap(([first]) => (first === undefined ? [] : [first]));
    if (jobs.length === 0) return { points: byCeremony(folder), secrets: secretsIn(folder), left, starts };
    writeFileSync(join(folder, 'jobs.json'), JSON.stringify(jobs));
    for (const { id, kind, lines } of await startOnce(folder)) {
      if (kind !== 'performed')
        throw new Error(`${id}, killed at ${pointsIn(folder).join('\n')}: ${lines?.join('\n')}`);
      const chain = waiting.find(([first]) => first?.id === id);
      chain?.shift();
      await chain?.[0]?.prepare?.();
    }
    for (const { home } of jobs) collect(home, { seen, left });
  }
}

async function startOnce(folder: string): Promise<readonly CeremonyOutcome[]> {
  const child = spawn(process.execPath, [DYING, folder, CEREMONY_PROGRAM], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`ended by itself: ${errors}`);
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

/** Collects the files whose time or size has changed since the last look. */
function collect(home: string, { seen, left }: { seen: Map<string, string>; left: Map<string, Uint8Array> }): void {
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, ctimeMs, size } = statSync(path);
    const state = `${mtimeMs} ${ctimeMs} ${size}`;
    if (seen.get(path) === state) continue;
    seen.set(path, state);
    left.set(`${path}#${left.size}`, readFileSync(path));
  }
}

function pointsIn(folder: string): readonly string[] {
  const file = join(folder, 'killed-at');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

function byCeremony(folder: string): KillReport['points'] {
  const points = new Map<string, string[]>();
  for (const point of pointsIn(folder)) {
    const [id = '', ...what] = point.split(' ');
    points.set(id, [...(points.get(id) ?? []), what.join(' ')]);
  }
  return points;
}

function secretsIn(folder: string): KillReport['secrets'] {
  const lines = new Set(readFileSync(join(folder, 'secrets'), 'utf8').trimEnd().split('\n'));
  return [...lines].map((line) => {
    const [kind = '', hex = ''] = line.split(' ');
    return { kind, bytes: Buffer.from(hex, 'hex') };
  });
}
