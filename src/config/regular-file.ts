/**
 * Reads files that other programs and people put in their places. A pipe or a device in place of a
 * file would block its reader or never end.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import type { Bilingual } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import { hasCode } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';
import { SYSTEM_ERRORS } from './system-errors.js';

/** A limit far above the size of certificates, keys, and configuration and policy files. */
export const SMALL_FILE_BYTES_MAX = 1024 * 1024;

/**
 * Reads a file completely. Throws errors like those of Node, with `code`, `syscall` and `path`:
 * EISDIR for a folder, ESPIPE for anything else that is not a regular file, EFBIG for a file that
 * is larger than `bytesMax`.
 */
export function readRegularFile(path: string, bytesMax = SMALL_FILE_BYTES_MAX): Buffer<ArrayBuffer> {
  const { file, stat } = openRegularFile(path);
  try {
    if (stat.size > bytesMax) throw readError(path, 'EFBIG', `more than ${bytesMax} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Reads a file as `readRegularFile` does. The error says for people why it cannot be read. */
export function tryReadRegularFile(path: string, bytesMax = SMALL_FILE_BYTES_MAX): Result<Bytes, Bilingual> {
  try {
    return ok(new Uint8Array(readRegularFile(path, bytesMax)));
  } catch (error) {
    return err(unreadableText(error, bytesMax));
  }
}

export const ABSENT: Bilingual = { fr: 'fichier absent', en: 'the file is missing' };

/** Says why a file cannot be read, or another system call on it failed. */
export function unreadableText(error: unknown, bytesMax = SMALL_FILE_BYTES_MAX): Bilingual {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT') return ABSENT;
  if (['EISDIR', 'ESPIPE', 'EFBIG'].includes(code))
    return {
      fr: `ce n'est pas un fichier ordinaire d'au plus ${bytesMax} octets`,
      en: `it is not a regular file of at most ${bytesMax} bytes`,
    };
  return SYSTEM_ERRORS[code] ?? { fr: `fichier illisible (${code})`, en: `it cannot be read (${code})` };
}

/** Opens a file for reading, with the errors of `readRegularFile`. The caller closes it. */
export function openRegularFile(path: string): { readonly file: number; readonly stat: Stats } {
  const file = openWithoutWaiting(path);
  const stat = fstatSync(file);
  if (stat.isFile()) return { file, stat };
  closeSync(file);
  throw stat.isDirectory() ? readError(path, 'EISDIR', 'a folder') : notRegular(path);
}

/** Without O_NONBLOCK, opening a pipe waits until another process writes to it. */
function openWithoutWaiting(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    // A socket cannot be opened (open(2)).
    if (hasCode(thrown, 'ENXIO')) throw notRegular(path);
    throw thrown;
  }
}

function notRegular(path: string): Error {
  return readError(path, 'ESPIPE', 'not a regular file');
}

function readError(path: string, code: string, why: string): Error {
  return Object.assign(new Error(`${code}: ${why}, read '${path}'`), { code, syscall: 'read', path });
}
