/**
 * The PIN of a token, from a file that its owner alone can read. A PIN that the token refused is remembered beside the journal and
 * not tried again: a restart loop must not lock a token. Whoever writes another PIN into the file has it tried again.
 */
import { randomBytes, scryptSync } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { err, ok, type Result } from '../src/kernel/result.js';

export type PinFailure =
  | { readonly kind: 'pin-file-unreadable'; readonly file: string; readonly detail: string }
  | { readonly kind: 'pin-file-exposed'; readonly file: string; readonly detail: string };

const PIN_BYTES_MAX = 256;
const EXPOSED_BITS = 0o177;

/** Reads the PIN: a regular file of this user, mode 0400 or 0600, not a link; one trailing newline is not part of the PIN. */
export function readPinFile(file: string): Result<string, PinFailure> {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (thrown) {
    return err({
      kind: 'pin-file-unreadable',
      file,
      detail: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
  try {
    const stat = fstatSync(descriptor);
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    const exposed = (detail: string) => err({ kind: 'pin-file-exposed' as const, file, detail });
    if (!stat.isFile()) return exposed('it is not a regular file');
    if (stat.uid !== process.geteuid?.())
      return exposed(`it belongs to user ${stat.uid}, not to ${process.geteuid?.()}`);
    if ((stat.mode & EXPOSED_BITS) !== 0) return exposed(`its mode is ${mode}; it must be 0400 or 0600`);
    if (stat.size > PIN_BYTES_MAX) return exposed(`it has ${stat.size} octets; a PIN has at most ${PIN_BYTES_MAX}`);
    const bytes = Buffer.alloc(PIN_BYTES_MAX);
    const length = readSync(descriptor, bytes, 0, PIN_BYTES_MAX, 0);
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

/** `marker` holds a salted scrypt digest: PINs are short, and a plain hash of one is the PIN. */
export function refusedPins(marker: string): RefusedPins {
  return {
    wasRefused(pin) {
      const remembered = readMarker(marker);
      return remembered !== null && digestOf(pin, remembered.salt) === remembered.digest;
    },
    remember(pin) {
      const salt = randomBytes(16).toString('hex');
      writeFileSync(marker, JSON.stringify({ salt, digest: digestOf(pin, salt) }), { mode: 0o600, flush: true });
    },
    forget() {
      rmSync(marker, { force: true });
    },
  };
}

function digestOf(pin: string, salt: string): string {
  return scryptSync(pin, salt, 32).toString('hex');
}

function readMarker(marker: string): { readonly salt: string; readonly digest: string } | null {
  try {
    const value: unknown = JSON.parse(readFileSync(marker, 'utf8'));
    if (typeof value === 'object' && value !== null && 'salt' in value && 'digest' in value) {
      return { salt: String(value.salt), digest: String(value.digest) };
    }
  } catch {
    // None was refused, or the marker is torn: then the PIN is tried once more.
  }
  return null;
}
