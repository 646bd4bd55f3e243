/**
 * Detects whether the memory of this process could be written to a disk, and prevents it where
 * Node can.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { protectMemory } from '../../hsm/pkcs11/ceremony-token.js';
import { nodeOptions } from '../config/node-options.js';

type Machine = { readonly swap: boolean; readonly coreDumps: boolean; readonly debugging: boolean };

/**
 * Excludes all memory of this process from core dumps on Linux (core(5), coredump_filter). The
 * PKCS#11 loader, which is loaded here, also sets the limit of core files to zero, because Node
 * cannot. The caller does this before the first passphrase is typed. `coreDumps` is true when
 * neither worked. Signals do not open a debugger any more.
 */
export function guardMemory(modulePath: string): Machine {
  protectMemory(modulePath);
  // Node opens the inspector on SIGUSR1 from any process of this user, unless the signal has a
  // listener.
  if (!process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore);
  return { swap: hasSwap(), coreDumps: !(keepsOutOfCoreDumps() || coreLimitIsZero()), debugging: isDebugged() };
}

const ignore = (): void => undefined;

/** Options of Node that show its memory or write it to files. */
const DEBUGGING_OPTION = /^--(inspect|debug|heap-?(prof|snapshot)|cpu-prof|prof$|report-)/;

function isDebugged(): boolean {
  return inspectorUrl() !== undefined || nodeOptions().some(isDebuggingOption);
}

/** Matches as Node does: `--heap_prof` is `--heap-prof`, and NODE_OPTIONS may contain quotes. */
export function isDebuggingOption(option: string): boolean {
  return DEBUGGING_OPTION.test(option.replaceAll(/["\\]/g, '').replaceAll('_', '-'));
}

/**
 * /proc/swaps has one line of headings. Without the file the answer is unknown, so swap is
 * assumed.
 */
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
