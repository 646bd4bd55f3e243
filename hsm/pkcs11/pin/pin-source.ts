/**
 * Where the PIN of a token comes from: a file, a systemd credential, or an officer who types it. What stands here is where it is,
 * never what it is: it passes through the supervisor. Only the process that has the token reads the PIN itself.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { err, type Result } from '../../../src/kernel/result.js';
import { readPinFile } from './pin-file.js';

export type PinSource =
  | { readonly from: 'file'; readonly file: string }
  /** `<token>.pin` in the folder that systemd made for the unit (`CREDENTIALS_DIRECTORY`); null where it made none. */
  | { readonly from: 'credential'; readonly folder: string | null }
  /** Typed at start, on a socket that the signer's process opens itself. */
  | { readonly from: 'officer'; readonly socket: string };

export type TokenPin = { readonly name: string; readonly pin: PinSource };

/** What an officer types when a signer waits for its PIN. */
export function unlockCommand(token: string): string {
  return `pfcng signer unlock ${token}`;
}

/** The PIN where it lies on this machine; else why it cannot be used, in words for operators. */
export function readPin({ name, pin }: TokenPin): Result<string, string> {
  switch (pin.from) {
    case 'file':
      return read(`PIN file ${pin.file}`, pin.file);
    case 'credential': {
      if (pin.folder === null)
        return err(
          `the PIN of ${name} is a systemd credential and there is no CREDENTIALS_DIRECTORY: ` +
            `its unit needs LoadCredentialEncrypted=${name}.pin`,
        );
      const exposed = folderFault(pin.folder);
      if (exposed !== null) return err(`credentials folder ${pin.folder}: ${exposed}`);
      const file = join(pin.folder, `${name}.pin`);
      return read(`credential ${file}`, file, 'or-root');
    }
    case 'officer':
      return err(`the PIN of ${name} is typed by an officer, and only into its signer: ${unlockCommand(name)}`);
  }
}

function read(what: string, file: string, owner: 'self' | 'or-root' = 'self'): Result<string, string> {
  const pin = readPinFile(file, owner);
  return pin.ok ? pin : err(`${what}: ${pin.error.detail}`);
}

/** Systemd makes it with mode 0500, root's or the unit's user's; where it uses an ACL, the mask shows as the rights of group root. */
function folderFault(folder: string): string | null {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return 'it is not there';
  if (!stat.isDirectory()) return 'it is not a folder';
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) return `it belongs to user ${stat.uid}`;
  const aclMask = stat.uid === 0 && stat.gid === 0 ? 0o050 : 0;
  const mode = stat.mode & 0o777;
  return (mode & 0o077 & ~aclMask) === 0 ? null : `its mode is 0${mode.toString(8)}; it must be 0500`;
}
