/** The folder of a socket says who may reach it: the signer's own user, and where that is configured one group. */
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../src/kernel/result.js';

export type SocketFolderExposed = {
  readonly kind: 'socket-folder-exposed';
  readonly folder: string;
  readonly detail: string;
};

const ALL_BITS = 0o7777;
const SET_GROUP_ID = 0o2000;

/**
 * Without a group the folder is made with mode 0700, and one that is there must be a folder of this user that nobody else may
 * enter. With one it is made with mode 2710, or made before the start by someone who may give it that group: the
 * group enters and sees no names, and the set-group-ID bit gives its sockets the group. Its parent lets others pass.
 */
export function prepareSocketFolder(folder: string, groupId?: number): Result<void, SocketFolderExposed> {
  const exposed = (detail: string) => err({ kind: 'socket-folder-exposed' as const, folder, detail });
  const made = makeFolder(folder, groupId);
  if (made !== null) return exposed(made);
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) return exposed('it is not a folder');
  if (stat.uid !== process.geteuid?.()) return exposed(`it belongs to user ${stat.uid}`);
  const mode = stat.mode & ALL_BITS;
  const says = `its mode is ${mode.toString(8).padStart(4, '0')}`;
  if (groupId === undefined) return (mode & 0o077) === 0 ? ok(undefined) : exposed(`${says}; it must be 0700`);
  if (stat.gid !== groupId) return exposed(`it belongs to group ${stat.gid}, not to ${groupId}`);
  return mode === (SET_GROUP_ID | 0o710) ? ok(undefined) : exposed(`${says}; it must be 2710`);
}

/** Null, or why it could not be made. */
function makeFolder(folder: string, groupId: number | undefined): string | null {
  if (groupId === undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return null;
  }
  const parent = dirname(folder);
  // The umask has its say in a folder's mode, not here.
  if (mkdirSync(parent, { recursive: true, mode: 0o711 }) !== undefined) chmodSync(parent, 0o711);
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return null;
  mkdirSync(folder, { mode: 0o700 });
  try {
    chownSync(folder, -1, groupId);
    chmodSync(folder, SET_GROUP_ID | 0o710);
    return null;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `this user cannot give it to group ${groupId} (${why}): let root make it (systemd-tmpfiles does)`;
  }
}
