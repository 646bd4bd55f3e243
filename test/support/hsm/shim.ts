/**
 * The fault-injecting PKCS#11 module. It is built when it is first needed, and controlled by a file
 * (`shim/shim.c` describes it).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pkcs11js from 'pkcs11js';
import { PACKAGE_ROOT } from '../service/home.js';

/**
 * How often the fault is applied, in all processes together, including those after a crash; 0:
 * until it is cleared.
 */
type Times = { readonly times: number };
export type Fault =
  | (Times & { readonly act: 'hang' | 'flip' | 'abort'; readonly in: string })
  | (Times & { readonly act: 'latency'; readonly in: string; readonly ms: number })
  | (Times & { readonly act: 'fail'; readonly in: string; readonly ckr: string })
  | { readonly act: 'life'; readonly ms: number }
  | { readonly act: 'kill' | 'logout' | 'removed' };

export type Shim = {
  /** The path to use as PKCS#11 module. */
  readonly modulePath: string;
  /**
   * Sets the faults from the next call on, and clears all others. `only`: for processes with this
   * text in the path of their token folder.
   */
  readonly inject: (faults: readonly Fault[], only?: string) => void;
  readonly clear: () => void;
  /** How often the fault with this index was applied, for hang, fail, flip, abort and latency. */
  readonly applied: (at: number) => number;
};

const COUNTERS = 64;
const SOURCES = join(PACKAGE_ROOT, 'test/support/hsm/shim');

/**
 * `real`: the module that it forwards to. `folder` has the link that is opened, and the control
 * file.
 */
export function createShim(folder: string, real: string): Shim {
  mkdirSync(folder, { recursive: true });
  const modulePath = join(folder, 'shim.so');
  symlinkSync(buildShim(), modulePath);
  let turn = 0;
  let counted: readonly number[] = [];
  const counters = (): string => join(folder, `count.${turn}`);

  function inject(faults: readonly Fault[], only?: string): void {
    turn += 1;
    writeFileSync(counters(), Buffer.alloc(COUNTERS * 8));
    const isRule = ({ act }: Fault): boolean => !['life', 'kill', 'logout', 'removed'].includes(act);
    let rules = 0;
    counted = faults.map((fault) => (isRule(fault) ? rules++ : -1));
    const head = [`module ${real}`, `count ${counters()}`, ...(only === undefined ? [] : [`only ${only}`])];
    const text = `${[...head, ...faults.map((fault) => lineOf(fault, turn))].join('\n')}\n`;
    // The file is replaced by a rename, so that no call reads a part of it.
    writeFileSync(join(folder, 'control.new'), text);
    renameSync(join(folder, 'control.new'), join(folder, 'control'));
  }

  inject([]);
  return {
    modulePath,
    inject,
    clear: () => inject([]),
    applied: (at) => Number(readFileSync(counters()).readBigUInt64LE(8 * (counted[at] ?? -1))),
  };
}

function lineOf(fault: Fault, turn: number): string {
  switch (fault.act) {
    case 'life':
      return `life ${fault.ms}`;
    case 'kill':
    case 'logout':
      return `${fault.act} ${turn}`;
    case 'removed':
      return 'removed';
    case 'fail':
      return `fail ${fault.times} ${fault.in} ${ckrCode(fault.ckr)}`;
    case 'latency':
      return `latency ${fault.times} ${fault.in} ${fault.ms}`;
    default:
      return `${fault.act} ${fault.times} ${fault.in}`;
  }
}

function ckrCode(name: string): number {
  const code: unknown = Object.entries(pkcs11js).find(([key]) => key === name)?.[1];
  if (typeof code !== 'number') throw new Error(`${name} is no CKR of PKCS#11`);
  return code;
}

/** The name contains the hash of its sources, so that it is built once for each change. */
function buildShim(): string {
  const hash = createHash('sha256');
  for (const name of ['shim.c', 'functions.h']) hash.update(readFileSync(join(SOURCES, name)));
  const built = join(tmpdir(), `pfcng-shim-${process.geteuid?.()}-${hash.digest('hex').slice(0, 16)}.so`);
  if (existsSync(built)) return built;
  const making = `${built}.${process.pid}`;
  const headers = join(PACKAGE_ROOT, 'node_modules/pkcs11js/includes/pkcs11');
  const flags = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror', '-fvisibility=hidden'];
  execFileSync('cc', [...flags, '-I', headers, '-o', making, join(SOURCES, 'shim.c'), '-ldl', '-lpthread']);
  renameSync(making, built);
  return built;
}
