/** Processor time of a service's processes, from /proc: what each has used between two moments. */
import { readFileSync } from 'node:fs';
import { isSignerChild, type ProcessFacts, tokenOf } from '../support/service/processes.js';

/** The user and system time of one process since it started, in milliseconds. */
export type CpuSample = {
  readonly pid: number;
  readonly name: string;
  readonly ms: number;
  readonly mainThreadMs: number;
};

/** `name`: what it is in the service; `mainThreadMs`: of it, the thread that runs JavaScript. */
export type CpuUse = { readonly name: string; readonly ms: number; readonly mainThreadMs: number };

/** USER_HZ, which Linux tells user space on every architecture of ours (proc(5), sysconf(3)). */
const TICKS_A_SECOND = 100;

/** utime and stime of a line of /proc/PID/stat (proc(5), fields 14 and 15), in milliseconds. */
export function cpuMsOfStat(stat: string): number {
  // The command is in brackets and may hold anything: what follows the last one begins with field
  // 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND;
}

/** Whose processor time is not the service's own. */
export const DATABASE_PROCESS = 'database';

export function nameOfProcess(one: ProcessFacts): string {
  // PostgreSQL's processes: the program with its path, then `postgres: ...`.
  if (/(?:^|\/)postgres(?::|$)/.test(one.commandLine[0] ?? '')) return DATABASE_PROCESS;
  if (isSignerChild(one)) return `signer ${tokenOf(one)}`;
  return one.commandLine.includes('signer') ? 'supervisor' : 'service';
}

export function sampleCpu(processes: readonly ProcessFacts[]): readonly CpuSample[] {
  return processes.flatMap((one) => {
    const whole = statOf(`/proc/${one.pid}/stat`);
    const main = statOf(`/proc/${one.pid}/task/${one.pid}/stat`);
    if (whole === null || main === null) return [];
    return [{ pid: one.pid, name: nameOfProcess(one), ms: cpuMsOfStat(whole), mainThreadMs: cpuMsOfStat(main) }];
  });
}

/** Null when it has ended: a database's helpers come and go. */
function statOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/**
 * What was used from `before` to `after`, the greatest first. A process that began in between
 * counts from its beginning.
 */
export function cpuBetween(before: readonly CpuSample[], after: readonly CpuSample[]): readonly CpuUse[] {
  const earlier = new Map(before.map((sample) => [sample.pid, sample]));
  return after
    .map(({ pid, name, ms, mainThreadMs }) => ({
      name,
      ms: ms - (earlier.get(pid)?.ms ?? 0),
      mainThreadMs: mainThreadMs - (earlier.get(pid)?.mainThreadMs ?? 0),
    }))
    .sort((a, b) => b.ms - a.ms);
}

export function sumMs(uses: readonly CpuUse[]): number {
  return uses.reduce((sum, { ms }) => sum + ms, 0);
}
