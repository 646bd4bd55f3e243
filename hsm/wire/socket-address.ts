/**
 * The addresses of Unix sockets. The kernel limits the length of a socket's path, but a home folder
 * can be deep. On Linux a path that is too long is replaced by a descriptor of its folder, which is
 * always short (proc(5), /proc/self/fd).
 */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { assert } from '../../src/kernel/assert.js';

/**
 * sun_path takes 107 bytes on Linux and 103 on macOS (unix(7)). Older versions of Node silently cut
 * longer paths, and newer ones refuse them.
 */
const SOCKET_PATH_BYTES_MAX = 103;
/** The address that stands for a folder that does not exist. Nothing is ever bound to it. */
const NO_ADDRESS = '/proc/self/fd/none';

const folders = new Map<string, number>();

/**
 * Returns the address of `path` for `listen` and `connect` in this process. It must not be given to
 * another process: for a long path it names a descriptor of this one.
 */
export function socketAddress(path: string): string {
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return path;
  // On other systems the configuration refuses a home folder that is too deep.
  assert(process.platform === 'linux', `too long for a Unix socket: ${path}`);
  const descriptor = descriptorOf(dirname(path));
  return descriptor === null ? NO_ADDRESS : `/proc/self/fd/${descriptor}/${basename(path)}`;
}

/**
 * Returns the descriptor of a folder; null: the folder cannot be opened. The descriptor stays open,
 * because the address is valid only as long as the descriptor is. It is opened again when the
 * folder was replaced.
 */
function descriptorOf(folder: string): number | null {
  const known = folders.get(folder);
  if (known !== undefined) {
    if (isSameFolder(folder, known)) return known;
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

function isSameFolder(folder: string, descriptor: number): boolean {
  const [now, then] = [statSync(folder, { throwIfNoEntry: false }), fstatSync(descriptor)];
  return now !== undefined && now.ino === then.ino && now.dev === then.dev;
}
