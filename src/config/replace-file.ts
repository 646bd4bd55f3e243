/** Replaces a file so that after a crash or a power cut it has the old content or the new one. */
import { closeSync, fchmodSync, fchownSync, fstatSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type ReplaceOptions = {
  /**
   * The file that is written first, on the same file system. What an interrupted call left is
   * overwritten.
   */
  readonly part: string;
  readonly mode: number;
  /** The owner of the new file; absent: the user of this process. */
  readonly owner?: { readonly uid: number; readonly gid: number };
};

export function replaceFile(file: string, content: string, { part, mode, owner }: ReplaceOptions): void {
  const handle = openSync(part, 'w', mode);
  try {
    writeFileSync(handle, content);
    fchmodSync(handle, mode);
    const { uid, gid } = fstatSync(handle);
    if (owner !== undefined && (owner.uid !== uid || owner.gid !== gid)) fchownSync(handle, owner.uid, owner.gid);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(part, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
