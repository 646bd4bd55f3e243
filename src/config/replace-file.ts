/** Replaces files so that after a crash or a power cut each has the old content or the new one. */
import {
  closeSync,
  copyFileSync,
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
import type { Bytes } from '../kernel/bytes.js';

type ReplaceOptions = {
  /**
   * The file that is written first, on the same file system. What an interrupted call left is
   * overwritten.
   */
  readonly part: string;
  readonly mode: number;
  /** The owner of the new file; absent: the user of this process. */
  readonly owner?: { readonly uid: number; readonly gid: number };
};

export type Replacement = ReplaceOptions & { readonly file: string; readonly content: string | Bytes };

export function replaceFile(file: string, content: string | Bytes, options: ReplaceOptions): void {
  replaceFiles([{ file, content, ...options }]);
}

/** As `replaceFile`, with the content of another file, which may be larger than the memory. */
export function replaceByCopy(file: string, source: string, { part, mode }: Omit<ReplaceOptions, 'owner'>): void {
  try {
    copyFileSync(source, part);
    const handle = openSync(part, 'r+');
    try {
      fchmodSync(handle, mode);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(part, file);
  } catch (error) {
    removeQuietly(part);
    throw error;
  }
  syncFolder(dirname(file));
}

/**
 * Replaces no file before the new content of all of them has been written. If a rename fails, the
 * files before it have their new content, and the others keep the old one. No part file is left.
 */
export function replaceFiles(replacements: readonly Replacement[]): void {
  try {
    replacements.forEach(writePart);
    for (const { part, file } of replacements) renameSync(part, file);
  } catch (error) {
    for (const { part } of replacements) removeQuietly(part);
    throw error;
  }
  for (const folder of new Set(replacements.map(({ file }) => dirname(file)))) syncFolder(folder);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder has this name. The caller reports the first error, which says so.
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

/** After it, the names in the folder are on the disk: a rename before it survives a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
