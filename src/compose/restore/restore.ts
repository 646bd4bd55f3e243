/**
 * Restores a backup into an empty home folder and an empty database, in this order: unpack and
 * check everything; refuse what does not fit or is older than what others know; put the database
 * back, migrate it and verify its audit log; learn from the journals of the signers, then from the
 * published lists, so that a suspended certificate that only a journal knows can be released; place
 * the files. Nothing starts in the home folder before the end (`markFault`).
 */
import { join } from 'node:path';
import { acquireLock } from '../../../hsm/exclusive-lock.js';
import { faultText } from '../../backup/fault.js';
import { type ReadBackup, readBackup } from '../../backup/read.js';
import type { Config } from '../../config/load.js';
import { unreadableText } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readMark } from '../database/mark.js';
import { emptyDatabase } from './database.js';
import { type PreparedRestore, prepare, refusalBefore } from './prepare.js';
import { putBack } from './put-back.js';
import type { RestoreReport } from './report.js';
import type { RestoreRefusal, RestoreRequest } from './request.js';
import {
  type PlacingRecord,
  readPlacing,
  removePlaced,
  removeStaging,
  type StagingFolder,
  stagingOf,
  unpackPart,
  writePlacing,
} from './staging.js';

const STEPS = {
  unpack: { fr: 'lecture de la sauvegarde', en: 'reading the backup' },
  compare: { fr: 'lecture des LCR publiées et des journaux', en: 'reading published CRLs and journals' },
} as const;

/** After a refusal or an error nothing has changed; after a kill, the next call begins again. */
export async function restoreBackup(request: RestoreRequest): Promise<Result<RestoreReport, RestoreRefusal>> {
  try {
    return await restoreLocked(request);
  } catch (error) {
    // A full disk, or a file or folder that cannot be read or written.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return err([inBothLanguages(notRestored(error, request.config.paths.home))]);
  }
}

async function restoreLocked(request: RestoreRequest): Promise<Result<RestoreReport, RestoreRefusal>> {
  const { paths } = request.config;
  const lock = await acquireLock(join(paths.run, 'restore'), 0);
  if (!lock.ok) return err([`another restore into ${paths.home} is running: process ${lock.error.owner}`]);
  try {
    const undone = await undoInterrupted(request);
    if (!undone.ok) return undone;
    const refused = await refusalBefore(request);
    if (refused !== null) return err(refused);
    return await restoreStaged(request, stagingOf(paths));
  } finally {
    lock.value.release();
  }
}

/** Removes what a killed restore has left, also from the database, which was empty before it. */
async function undoInterrupted({ config }: RestoreRequest): Promise<Result<void, RestoreRefusal>> {
  const placing = readPlacing(config.paths);
  return placing === null ? ok(removeStaging(stagingOf(config.paths))) : undo(config, placing);
}

async function undo(config: Config, placing: PlacingRecord): Promise<Result<void, RestoreRefusal>> {
  const { database, paths } = config;
  if (placing.database === 'postgresql' && database.kind === 'postgresql') {
    const emptied = await emptyDatabase(database, config.searchPath);
    if (!emptied.ok) return err([`what the interrupted restore left cannot be removed: ${emptied.error}`]);
  }
  removePlaced(paths, placing);
  removeStaging(stagingOf(paths));
  return ok(undefined);
}

async function restoreStaged(
  request: RestoreRequest,
  staging: StagingFolder,
): Promise<Result<RestoreReport, RestoreRefusal>> {
  const { config } = request;
  let isDone = false;
  try {
    request.step(STEPS.unpack);
    const backup = await unpack(request, staging);
    if (!backup.ok) return backup;
    request.step(STEPS.compare);
    const prepared = await prepare(request, staging, backup.value);
    if (!prepared.ok) return prepared;
    const mark = readMark(config.paths.databaseMark);
    if (!mark.ok) return err([mark.error]);
    // From here on a kill leaves something that the next call has to remove.
    const { kind } = backup.value.manifest.database;
    const { manifestSha256 } = backup.value;
    writePlacing(config.paths, { manifestSha256, database: kind, placed: [], mark: mark.value });
    const report = await putBack(request, staging, prepared.value satisfies PreparedRestore);
    isDone = report.ok;
    return report;
  } finally {
    if (isDone) removeStaging(staging);
    else await removeRest(request, staging);
  }
}

/** `error`: of the backup, the staging folder, or the home folder. */
function notRestored(error: Error & { readonly code?: string; readonly path?: string }, home: string): Bilingual {
  if (error.code === 'ENOSPC')
    return {
      fr: `rien n'a été restauré : le disque de ${home} est plein`,
      en: `nothing was restored: the disk of ${home} is full`,
    };
  const { fr, en } = unreadableText(error);
  const path = error.path ?? home;
  return { fr: `rien n'a été restauré : ${path} : ${fr}`, en: `nothing was restored: ${path}: ${en}` };
}

async function removeRest({ config, log }: RestoreRequest, staging: StagingFolder): Promise<void> {
  const placing = readPlacing(config.paths);
  if (placing === null) return removeStaging(staging);
  const undone = await undo(config, placing);
  if (!undone.ok) for (const detail of undone.error) log.error('restore.not-undone', { detail });
}

async function unpack(
  { source, key }: RestoreRequest,
  staging: StagingFolder,
): Promise<Result<ReadBackup, RestoreRefusal>> {
  const read = await readBackup(source, { key, onPart: (part) => unpackPart(staging.folder, part) });
  return read.ok ? read : err([faultText(read.error)]);
}
