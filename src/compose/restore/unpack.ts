/**
 * Unpacks the parts of a backup into a folder. Their content cannot be trusted until the whole
 * backup has been read and verified. Therefore they get a folder of their own, and a part with a
 * name that no backup has is refused.
 */
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { damaged, faultText } from '../../backup/fault.js';
import { PART } from '../../backup/manifest.js';
import { type ReadBackup, readBackup } from '../../backup/read.js';
import type { BackupPart } from '../../backup/write.js';
import { syncFolder } from '../../config/replace-file.js';
import { err, type Result } from '../../kernel/result.js';
import { isBackupPart } from '../backup/home-files.js';
import type { RestoreRefusal, RestoreRequest } from './request.js';

type UnpackOptions = {
  /** The folder for the parts. It is made with the first part. */
  readonly into: string;
  /** Whether a part is written; other parts are only checked. Default: all are written. */
  readonly isWanted?: (name: string) => boolean;
};

/**
 * Reads and checks a backup, and writes its parts. Rejects with an error of the source or of the
 * file system. The caller removes what was written.
 */
export async function unpackBackup(
  { source, key }: Pick<RestoreRequest, 'source' | 'key'>,
  { into, isWanted = () => true }: UnpackOptions,
): Promise<Result<ReadBackup, RestoreRefusal>> {
  const read = await readBackup(source, {
    key,
    onPart: async (part) => {
      if (!isBackupPart(part.name)) throw damaged(`it has the part ${part.name}, which no backup has`);
      if (isWanted(part.name)) await unpackPart(into, part);
    },
  });
  return read.ok ? read : err([faultText(read.error)]);
}

/**
 * Parts that other users may read: public files, and files for the signers, which run as other
 * users.
 */
const READ_BY_OTHERS = ['authorities', 'crl', 'ceremony', 'environment.json'].map((name) => `${PART.home}${name}`);

async function unpackPart(folder: string, { name, content }: BackupPart): Promise<void> {
  const isShared = name.startsWith(PART.policies) || READ_BY_OTHERS.some((one) => name.startsWith(one));
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true, mode: isShared ? 0o755 : 0o700 });
  await pipeline(Readable.from(content), createWriteStream(file, { mode: isShared ? 0o644 : 0o600, flush: true }));
}

/**
 * Writes the configuration and the policies of a backup into a folder that is empty or not there,
 * for an administrator. Nothing is left if the backup is refused.
 */
export async function unpackSettings(
  backup: Pick<RestoreRequest, 'source' | 'key'>,
  folder: string,
): Promise<Result<ReadBackup, RestoreRefusal>> {
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0) return err([`${folder} is not empty`]);
  const into = mkdtempSync(join(dirname(target), `.${basename(target)}.part-`));
  try {
    const isWanted = (name: string): boolean => name === PART.configuration || name.startsWith(PART.policies);
    const read = await unpackBackup(backup, { into, isWanted });
    if (!read.ok) return read;
    renameSync(into, target);
    syncFolder(dirname(target));
    return read;
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}
