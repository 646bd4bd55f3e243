/**
 * Where a Unix socket is bound and reached. The kernel has room for a short path only, and a home folder may lie deep: on Linux a
 * path that is too long goes by a descriptor of its folder, which is short wherever the folder lies (proc(5), /proc/self/fd).
 */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { assert } from '../../src/kernel/assert.js';

/** sun_path of Linux has room for 107 octets, that of macOS for 103 (unix(7)); libuv cuts what is longer without a word. */
const SOCKET_PATH_BYTES_MAX = 103;
/** Of a folder that is not there: an address that nothing is bound to. */
const NOWHERE = '/proc/self/fd/none';

const folders = new Map<string, number>();

/** The address for `path`: for `listen` and `connect` of this process, and of no other. */
export function socketAddress(path: string): string {
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return path;
  // Elsewhere the configuration refuses a home that lies too deep.
  assert(process.platform === 'linux', `too long for a Unix socket: ${path}`);
  const descriptor = descriptorOf(dirname(path));
  return descriptor === null ? NOWHERE : `/proc/self/fd/${descriptor}/${basename(path)}`;
}

/** Kept open, one a folder: the address is good for as long as the socket. Opened anew when the folder was made anew. */
function descriptorOf(folder: string): number | null {
  const known = folders.get(folder);
  if (known !== undefined) {
    if (isStill(folder, known)) return known;
    folders.delete(folder);
    closeSync(known);
  }
  try {
    const opened = openSync(folder, 'r');
    folders.set(folder, opened);
    return opened;
  } catch {
    return null;
  }
}

function isStill(folder: string, descriptor: number): boolean {
  const [now, then] = [statSync(folder, { throwIfNoEntry: false }), fstatSync(descriptor)];
  return now !== undefined && now.ino === then.ino && now.dev === then.dev;
}
