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
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return err(code === 'ELOOP' ? `${path} is a symbolic link` : `${path} cannot be read (${code})`);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return err(`${path} is not a regular file`);
    if ((stat.mode & EXPOSED_BITS) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
      return err(`${path} can be read by others: its mode is ${mode}; it must be 0400 or 0600`);
    }
    if (stat.uid !== process.getuid?.() && stat.uid !== 0) return err(`${path} belongs to another user`);
    const password = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return password === '' ? err(`${path} is empty`) : ok(password);
  } finally {
    closeSync(file);
  }
}
