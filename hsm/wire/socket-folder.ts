/**
 * Makes and checks the folder of a socket, which limits who can connect: the signer's own user, and
 * one group if configured.
 */
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '../../src/kernel/errors.js';
import { err, ok, type Result } from '../../src/kernel/result.js';

export type SocketFolderExposed = {
  readonly kind: 'socket-folder-exposed';
  readonly folder: string;
  readonly detail: string;
};

const ALL_BITS = 0o7777;
const SET_GROUP_ID = 0o2000;

/**
 * Makes the folder of a socket, or checks an existing one. Without a group, the folder has mode
 * 0700, belongs to this user and gives no rights to others. With a group, it has mode 2710; a
 * privileged user may have made it before the start. The group may enter the folder but not list
 * it, and the set-group-ID bit gives the sockets its group. If the parent folder does not exist
 * either, it is made so that others can pass through it.
 */
export function prepareSocketFolder(folder: string, groupId?: number): Result<void, SocketFolderExposed> {
  const detail = makeFolder(folder, groupId) ?? socketFolderFault(folder, groupId);
  return detail === null ? ok(undefined) : err({ kind: 'socket-folder-exposed' as const, folder, detail });
}

/**
 * Says why a folder, which must exist, is not limited as `prepareSocketFolder` describes; null: it
 * is.
 */
export function socketFolderFault(folder: string, groupId?: number): string | null {
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) return 'it is not a folder';
  if (stat.uid !== process.geteuid?.()) return `it belongs to user ${stat.uid}`;
  const mode = stat.mode & ALL_BITS;
  const says = `its mode is ${mode.toString(8).padStart(4, '0')}`;
  if (groupId === undefined) return (mode & 0o077) === 0 ? null : `${says}; it must be 0700`;
  if (stat.gid !== groupId) return `it belongs to group ${stat.gid}, not to ${groupId}`;
  return mode === (SET_GROUP_ID | 0o710) ? null : `${says}; it must be 2710`;
}

/** Makes the folder if it does not exist. Says why that has failed; null: the folder exists. */
function makeFolder(folder: string, groupId: number | undefined): string | null {
  if (groupId === undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return null;
  }
  const parent = dirname(folder);
  // The umask limits the mode given to mkdir, but not that of chmod.
  if (mkdirSync(parent, { recursive: true, mode: 0o711 }) !== undefined) chmodSync(parent, 0o711);
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return null;
  mkdirSync(folder, { mode: 0o700 });
  try {
    chownSync(folder, -1, groupId);
    chmodSync(folder, SET_GROUP_ID | 0o710);
    return null;
  } catch (thrown) {
    const why = errorMessage(thrown);
    return `this user cannot give it to group ${groupId} (${why}): root must make it (systemd-tmpfiles can)`;
  }
}
