/** Whether what is in the memory of this process can come to lie on a disk, and what can be done against it from here. */
import { readFileSync, writeFileSync } from 'node:fs';

export type Machine = { readonly swap: boolean; readonly coreDumps: boolean };

/**
 * No memory of this process goes into a core dump from now on, where Linux lets it say so (core(5), coredump_filter): a process
 * cannot lower `ulimit -c` for itself in Node. `coreDumps`: it could not, and the limit is not 0.
 */
export function guardMemory(): Machine {
  return { swap: hasSwap(), coreDumps: !(keepsOutOfCoreDumps() || coreLimitIsZero()) };
}

/** /proc/swaps has a line of headings. Where there is none, nobody knows: then it is taken to have some. */
function hasSwap(): boolean {
  const swaps = read('/proc/swaps');
  return swaps === null || swaps.trimEnd().split('\n').length > 1;
}

function keepsOutOfCoreDumps(): boolean {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    return false;
  }
  return /^0+\n?$/.test(read('/proc/self/coredump_filter') ?? '');
}

function coreLimitIsZero(): boolean {
  return /^Max core file size\s+0\s/m.test(read('/proc/self/limits') ?? '');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
