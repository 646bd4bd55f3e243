/** Replaces files so that after a crash or a power cut each has the old content or the new one. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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

export type Replacement = ReplaceOptions & { readonly file: string; readonly content: string };

export function replaceFile(file: string, content: string, options: ReplaceOptions): void {
  replaceFiles([{ file, content, ...options }]);
}

/** No file is replaced before the new content of all of them has been written. */
export function replaceFiles(replacements: readonly Replacement[]): void {
  try {
    replacements.forEach(writePart);
  } catch (error) {
    for (const { part } of replacements) removeQuietly(part);
    throw error;
  }
  for (const { part, file } of replacements) renameSync(part, file);
  for (const folder of new Set(replacements.map(({ file }) => dirname(file)))) syncFolder(folder);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is not a file of ours.
  }
}

function writePart({ content, part, mode, owner }: Replacement): void {
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
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
