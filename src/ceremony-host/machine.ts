/** Whether what is in the memory of this process can come to lie on a disk, and what can be done against it from here. */
import { readFileSync, writeFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { closeMemory } from '../../hsm/pkcs11/ceremony-token.js';
import { nodeOptions } from '../config/node-options.js';

export type Machine = { readonly swap: boolean; readonly coreDumps: boolean; readonly debugging: boolean };

/**
 * No memory of this process goes into a core dump from now on, where Linux lets it say so (core(5), coredump_filter), and none is made once
 * our loader of the module is there: Node itself cannot lower `ulimit -c`. So it is loaded before the first passphrase is typed.
 * `coreDumps`: neither could be done. Nor does a signal open a debugger.
 */
export function guardMemory(modulePath: string): Machine {
  closeMemory(modulePath);
  // Node opens one at SIGUSR1, for any process of this user, unless somebody else listens to the signal.
  if (!process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore);
  return { swap: hasSwap(), coreDumps: !(keepsOutOfCoreDumps() || coreLimitIsZero()), debugging: isDebugged() };
}

const ignore = (): void => undefined;

/** Options of Node with which it tells what is in its memory, or writes it into files. */
const TELLING = /^--(inspect|debug|heap-?(prof|snapshot)|cpu-prof|prof$|report-)/;

function isDebugged(): boolean {
  return inspectorUrl() !== undefined || nodeOptions().some(isTelling);
}

/** As Node reads it: `--heap_prof` is `--heap-prof`, and in NODE_OPTIONS any of it may be in quotes. */
export function isTelling(option: string): boolean {
  return TELLING.test(option.replaceAll(/["\\]/g, '').replaceAll('_', '-'));
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
