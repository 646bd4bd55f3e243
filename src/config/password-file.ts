/**
 * Reads a password from its own file; passwords are never in the configuration, the environment or
 * a command line.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { err, ok, type Result } from '../kernel/result.js';

const EXPOSED_BITS = 0o177;

/**
 * The file must be a regular file of this user or root, mode 0400 or 0600, and no symbolic link. A
 * newline at its end is not part of the password.
 */
export function readPasswordFile(path: string): Result<string, string> {
  const file = openSecretFile(path);
  if (!file.ok) return err(`${path} ${file.error}`);
  try {
    const password = readFileSync(file.value, 'utf8').replace(/\r?\n$/, '');
    return password === '' ? err(`${path} is empty`) : ok(password);
  } finally {
    closeSync(file.value);
  }
}

/** Checks a file as `readPasswordFile` does, without reading it. null: nothing is wrong. */
export function secretFileFault(path: string): string | null {
  const file = openSecretFile(path);
  if (!file.ok) return file.error;
  closeSync(file.value);
  return null;
}

/** The error is the rest of a sentence that begins with the path of the file. */
function openSecretFile(path: string): Result<number, string> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return err(code === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${code})`);
  }
  const fault = exposure(file);
  if (fault === null) return ok(file);
  closeSync(file);
  return err(fault);
}

function exposure(file: number): string | null {
  const stat = fstatSync(file);
  if (!stat.isFile()) return 'is not a regular file';
  if ((stat.mode & EXPOSED_BITS) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    return `can be read by others: its mode is ${mode}; it must be 0400 or 0600`;
  }
  return stat.uid === process.getuid?.() || stat.uid === 0 ? null : 'belongs to another user';
}
