/** What /proc says of a service and everything under it. */
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessFacts = {
  readonly pid: number;
  readonly parent: number;
  readonly commandLine: readonly string[];
};

/** null when it is gone, or a zombie that nobody has waited for yet. */
export function processFacts(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command is in brackets and may hold anything: what follows the last one counts.
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return null;
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, parent: Number(parent), commandLine };
  } catch {
    return null;
  }
}

/** The process and all its descendants, parents first. */
export function processTree(root: number): readonly ProcessFacts[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processFacts(Number(name)) ?? []);
  const tree: ProcessFacts[] = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

export function isSignerChild({ commandLine }: ProcessFacts): boolean {
  return commandLine.some((part) => part.endsWith('signer-child.js'));
}

/** Name of the token that a signer child serves: its last argument. */
export function tokenOf({ commandLine }: ProcessFacts): string {
  return commandLine.at(-1) ?? '';
}

export function isAlive(pid: number): boolean {
  return processFacts(pid) !== null;
}

/** Mapped files; '' when the process is gone, also if it ends while they are read. */
export function mapsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch {
    return '';
  }
}

/** Everything of a process's command line and environment, as octets. */
export function spokenSecretsPlaces(pid: number): Buffer {
  return Buffer.concat([readFileSync(`/proc/${pid}/cmdline`), readFileSync(`/proc/${pid}/environ`)]);
}

/**
 * Proportional set size in MB (smaps_rollup(5)): shared pages are counted in parts, so that a sum
 * means something.
 */
export function pssMb(pid: number): number {
  const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}
