/**
 * Reads the PIN of a token from a file or a systemd credential. Only a process that opens the token
 * does this. A PIN that an officer types is sent to the signer's process (`hsm/signer/officer.ts`).
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { err, type Result } from '../../../src/kernel/result.js';
import type { TokenConfiguration } from '../../configuration.js';
import { readPinFile } from './pin-file.js';

/** Returns the command with which an officer unlocks a signer that waits for its PIN. */
export function unlockCommand(token: string): string {
  return `pfcng signer unlock ${token}`;
}

/**
 * Reads the PIN of a token. The error is a text for operators that says why the PIN cannot be used.
 */
export function readPin({ name, pin }: Pick<TokenConfiguration, 'name' | 'pin'>): Result<string, string> {
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

/**
 * Says why the credentials folder is not safe; null: it is. systemd makes it with mode 0500 for
 * root or the user of the unit. If systemd uses an ACL, the mask of the ACL appears as the rights
 * of the group root.
 */
function folderFault(folder: string): string | null {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return 'it does not exist';
  if (!stat.isDirectory()) return 'it is not a folder';
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) return `it belongs to user ${stat.uid}`;
  const aclMask = stat.uid === 0 && stat.gid === 0 ? 0o050 : 0;
  const mode = stat.mode & 0o777;
  return (mode & 0o077 & ~aclMask) === 0 ? null : `its mode is 0${mode.toString(8)}; it must be 0500`;
}
