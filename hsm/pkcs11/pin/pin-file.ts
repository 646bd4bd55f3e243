/**
 * Reads the PIN of a token from a file that only its owner can read, and remembers refused PINs. A
 * refused PIN is stored as a digest in the folder of the journal and not tried again, because a
 * restart loop must not lock the token. If the file has another PIN, that PIN is tried.
 */
import { randomBytes, scryptSync } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { errorMessage } from '../../../src/kernel/errors.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';

type PinFailure =
  | { readonly kind: 'pin-file-unreadable'; readonly file: string; readonly detail: string }
  | { readonly kind: 'pin-file-exposed'; readonly file: string; readonly detail: string };

/** Limit of the length of the file, with the newline after the PIN. */
const PIN_FILE_BYTES_MAX = 256;
const EXPOSED_BITS = 0o177;
/** The mode bit that shows the mask of an ACL, which lets one user read a file of root. */
const ACL_MASK = 0o040;

/**
 * Reads the PIN from a regular file of this user, mode 0400 or 0600, not a link. One newline at the
 * end is not part of the PIN. `or-root`: the file may also belong to root and be readable by an
 * ACL, as systemd makes credentials.
 */
export function readPinFile(file: string, owner: 'self' | 'or-root' = 'self'): Result<string, PinFailure> {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, opening a named pipe waits until another process opens it for writing.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    return err({
      kind: 'pin-file-unreadable',
      file,
      detail: errorMessage(thrown),
    });
  }
  try {
    const stat = fstatSync(descriptor);
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    const exposed = (detail: string) => err({ kind: 'pin-file-exposed' as const, file, detail });
    if (!stat.isFile()) return exposed('it is not a regular file');
    const isRoots = owner === 'or-root' && stat.uid === 0;
    if (stat.uid !== process.geteuid?.() && !isRoots)
      return exposed(`it belongs to user ${stat.uid}, not to ${process.geteuid?.()}`);
    const exposedBits = isRoots && stat.gid === 0 ? EXPOSED_BITS & ~ACL_MASK : EXPOSED_BITS;
    if ((stat.mode & exposedBits) !== 0) return exposed(`its mode is ${mode}; it must be 0400 or 0600`);
    if (stat.size > PIN_FILE_BYTES_MAX)
      return exposed(`it has ${stat.size} bytes; a PIN has at most ${PIN_FILE_BYTES_MAX}`);
    const bytes = Buffer.alloc(PIN_FILE_BYTES_MAX);
    const length = readSync(descriptor, bytes, 0, PIN_FILE_BYTES_MAX, 0);
    return ok(bytes.toString('utf8', 0, length).replace(/\r?\n$/, ''));
  } finally {
    closeSync(descriptor);
  }
}

export type RefusedPins = {
  wasRefused(pin: string): boolean;
  remember(pin: string): void;
  forget(): void;
};

/** At most this many refused PINs are remembered. Tokens usually lock after fewer wrong PINs. */
const REMEMBERED_MAX = 20;

/**
 * Remembers the refused PINs of a token in the file `marker`, which contains salted scrypt digests
 * of the newest ones. A plain hash would reveal a PIN, because PINs are short.
 */
export function refusedPins(marker: string): RefusedPins {
  return {
    wasRefused(pin) {
      const remembered = readMarker(marker);
      return remembered?.digests.includes(digestOf(pin, remembered.salt)) ?? false;
    },
    remember(pin) {
      const { salt, digests } = readMarker(marker) ?? { salt: randomBytes(16).toString('hex'), digests: [] };
      const all = [...new Set([...digests, digestOf(pin, salt)])].slice(-REMEMBERED_MAX);
      writeFileSync(marker, JSON.stringify({ salt, digests: all }), { mode: 0o600, flush: true });
    },
    forget() {
      rmSync(marker, { force: true });
    },
  };
}

function digestOf(pin: string, salt: string): string {
  return scryptSync(pin, salt, 32).toString('hex');
}

type Marker = { readonly salt: string; readonly digests: readonly string[] };

function readMarker(marker: string): Marker | null {
  try {
    const value: unknown = JSON.parse(readFileSync(marker, 'utf8'));
    if (typeof value !== 'object' || value === null || !('salt' in value)) return null;
    const salt = String(value.salt);
    if ('digests' in value && Array.isArray(value.digests)) return { salt, digests: value.digests.map(String) };
  } catch {
    // There is no marker, because no PIN was refused, or the marker cannot be read. A refused PIN
    // may then be tried once more.
  }
  return null;
}
