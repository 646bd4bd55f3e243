/** What processes ask of the kernel, in the order in which they asked, as strace(1) sees it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Syscall = {
  readonly name: string;
  /** Path or addresses of the descriptor that is its first argument. */
  readonly target: string;
  /** The first octets that were written or read. */
  readonly data: Buffer;
  /** Places in the trace at which it began and was over. */
  readonly start: number;
  readonly end: number;
};

const TRACED = 'read,recvfrom,write,writev,sendto,pwrite64,pwritev,fsync,fdatasync';
const OCTETS_SHOWN = 48;
const ATTACH_MS_MAX = 30_000;

/** Root may look at any process of its own; others may not, where Yama or a container says so. */
export function canTrace(): boolean {
  return process.getuid?.() === 0 && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
}

/** All threads of these processes, while `work` is done. */
export async function traced(pids: readonly number[], work: () => Promise<void>): Promise<readonly Syscall[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-trace-'));
  const file = join(folder, 'trace');
  const options = ['-f', '-yy', '-x', '-s', String(OCTETS_SHOWN), '-o', file, '-e', `trace=${TRACED}`];
  const strace = spawn('strace', [...options, ...pids.flatMap((pid) => ['-p', String(pid)])], { stdio: 'ignore' });
  const ended = once(strace, 'exit');
  try {
    const until = performance.now() + ATTACH_MS_MAX;
    while (!pids.every(isTraced)) {
      if (performance.now() > until || strace.exitCode !== null) throw new Error('strace does not trace');
      await sleep(20);
    }
    await work();
  } finally {
    strace.kill('SIGINT');
    await ended;
  }
  const calls = parseTrace(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  return calls;
}

function isTraced(pid: number): boolean {
  return !/^TracerPid:\t0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/**
 * A call that others were seen during stands on two lines: `<unfinished ...>` and `<... NAME
 * resumed>`. The second line is missing where the trace ended during the call: a write, whose
 * octets are on the first line, may have taken effect.
 */
export function parseTrace(text: string): readonly Syscall[] {
  const calls: Syscall[] = [];
  const unfinished = new Map<string, { readonly start: number; readonly said: string }>();
  const add = (said: string, during: { readonly start: number; readonly end: number }): void => {
    const [, name, target] = /^(\w+)\(\d+<(.*?)>[,)]/.exec(said) ?? [];
    if (name !== undefined && target !== undefined) calls.push({ name, target, data: octetsOf(said), ...during });
  };
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const [, thread = '', said = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const begun = /^(\w+\(.*) <unfinished \.\.\.>$/.exec(said)?.[1];
    if (begun !== undefined) {
      unfinished.set(thread, { start: at, said: begun });
      continue;
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(said)?.[1];
    const before = rest === undefined ? undefined : unfinished.get(thread);
    if (rest !== undefined && before === undefined) continue;
    if (before === undefined) add(said, { start: at, end: at });
    else {
      unfinished.delete(thread);
      add(before.said + rest, { start: before.start, end: at });
    }
  }
  for (const { start, said } of unfinished.values())
    if (/^(write|send)/.test(said)) add(said, { start, end: lines.length });
  return calls;
}

/** With `-x` a string that is not all ASCII is `\x..` throughout; else it has the escapes of C. */
function octetsOf(said: string): Buffer {
  const literal = /(?:, |iov_base=)"((?:[^"\\]|\\.)*)"/.exec(said)?.[1] ?? '';
  if (literal.startsWith('\\x')) return Buffer.from(literal.replaceAll('\\x', ''), 'hex');
  return Buffer.from(literal.replace(/\\(.)/g, '$1'), 'latin1');
}
