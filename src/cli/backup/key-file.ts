/** Reads the private key of a recipient of backups, and asks for its passphrase if it has one. */
import { createPrivateKey } from 'node:crypto';
import type { BackupKey } from '../../backup/envelope.js';
import { readRegularFile, unreadableText } from '../../config/regular-file.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Keyboard, typePin } from '../../terminal/line-reader.js';

/**
 * `file`: PEM. `keyboard`: where the passphrase is typed; null: standard input has the backup. The
 * error is a line for people.
 */
export async function readBackupKey(
  file: string,
  keyboard: Keyboard | null = process.stdin,
): Promise<Result<Exclude<BackupKey, null>, string>> {
  let pem: Buffer;
  try {
    pem = readRegularFile(file);
  } catch (error) {
    return err(`${file}: ${inBothLanguages(unreadableText(error))}`);
  }
  if (!ENCRYPTED.test(pem.toString('latin1'))) {
    try {
      return ok({ kind: 'private-key', key: createPrivateKey(pem) });
    } catch {
      return err(`${file} is no private key in PEM`);
    }
  }
  if (keyboard === null)
    return err(`${file} has a passphrase, which is read from standard input: name the file of the backup instead of -`);
  const typed = await typePin(keyboard, `passphrase of ${file}: `);
  if (typed.kind === 'cancelled') return err(`no passphrase was typed for ${file}`);
  try {
    return ok({ kind: 'private-key', key: createPrivateKey({ key: pem, passphrase: typed.pin }) });
  } catch {
    return err(`${file} cannot be opened with this passphrase`);
  } finally {
    typed.pin.fill(0);
  }
}

/** PKCS#8 (RFC 7468 section 11), or the older form of OpenSSL. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;
