/**
 * Reads a password from its own file; passwords are never in the configuration, the environment or
 * a command line.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';

const EXPOSED_BITS = 0o177;
/** The mode bit that shows the mask of an ACL, which lets one user read a file of root. */
const ACL_MASK = 0o040;

/**
 * The file must be a regular file of this user or root, mode 0400 or 0600, and no symbolic link; a
 * file of root and its group may be readable by an ACL, as systemd makes credentials. A newline at
 * its end is not part of the password.
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

/**
 * Reads a secret of this many octets from such a file. The error is the rest of a sentence that
 * begins with the path of the file.
 */
export function readSecretOctets(path: string, octets: number): Result<Bytes, string> {
  const file = openSecretFile(path);
  if (!file.ok) return file;
  try {
    const secret = new Uint8Array(octets + 1);
    return readSync(file.value, secret) === octets
      ? ok(secret.slice(0, octets))
      : err(`does not have ${octets} octets`);
  } finally {
    closeSync(file.value);
  }
}

/**
 * Makes the checks of `readPasswordFile`, for any file that only the service may read. Returns the
 * rest of a sentence that begins with the path of the file; null: the file passes the checks.
 */
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
  const exposedBits = stat.uid === 0 && stat.gid === 0 ? EXPOSED_BITS & ~ACL_MASK : EXPOSED_BITS;
  if ((stat.mode & exposedBits) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    return `can be read by others: its mode is ${mode}; it must be 0400 or 0600`;
  }
  return stat.uid === process.getuid?.() || stat.uid === 0 ? null : 'belongs to another user';
}
