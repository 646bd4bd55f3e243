/**
 * Restores a backup into an empty database and a home folder in which it replaces nothing, in this
 * order: unpack and check everything; refuse what does not fit or is older than what others know;
 * put the database back, migrate it and verify its audit log; learn from the journals of the
 * signers, then from the published lists, so that a suspended certificate that only a journal knows
 * can be released; place the files. Nothing starts in the home folder before the end
 * (`homeFolderFault`).
 */
import type { ReadBackup } from '../../backup/read.js';
import type { Config } from '../../config/load.js';
import { unreadableText } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readMark } from '../database/mark.js';
import { systemRandom } from '../world.js';
import { removeRestored } from './database.js';
import { lockDatabase, lockHome } from './locks.js';
import { type PreparedRestore, prepare, refusalBefore } from './prepare.js';
import { putBack } from './put-back.js';
import { type RestoreReport, writeReport } from './report.js';
import type { RestoreRefusal, RestoreRequest } from './request.js';
import {
  readUnfinishedRestore,
  removePlaced,
  removeStaging,
  type StagingFolder,
  stagingOf,
  type UnfinishedRestore,
  writeUnfinishedRestore,
} from './staging.js';
import { unpackBackup } from './unpack.js';

const STEPS = {
  unpack: { fr: 'lecture de la sauvegarde', en: 'reading the backup' },
  compare: { fr: 'lecture des LCR publiées et des journaux', en: 'reading published CRLs and journals' },
} as const;

/**
 * Restores a backup. After a refusal or an error, everything that it has placed is removed again;
 * if that fails, the log says so. After a kill, the next call removes what was left and begins
 * again.
 */
export async function restoreBackup(request: RestoreRequest): Promise<Result<RestoreReport, RestoreRefusal>> {
  try {
    return await restoreLocked(request);
  } catch (error) {
    // Only errors of the system are reported here: a full disk, or a file or folder that cannot be
    // read or written. Others are bugs.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return err([inBothLanguages(notRestored(error, request.config.paths.home))]);
  }
}

async function restoreLocked(request: RestoreRequest): Promise<Result<RestoreReport, RestoreRefusal>> {
  const home = await lockHome(request.config.paths);
  if (!home.ok) return home;
  try {
    const database = await lockDatabase(request.config);
    if (!database.ok) return database;
    try {
      return await restoreAlone(request);
    } finally {
      await database.value?.release();
    }
  } finally {
    home.value.release();
  }
}

async function restoreAlone(request: RestoreRequest): Promise<Result<RestoreReport, RestoreRefusal>> {
  const undone = await undoInterrupted(request);
  if (!undone.ok) return undone;
  const refused = await refusalBefore(request);
  if (refused !== null) return err(refused);
  return await restoreStaged(request, stagingOf(request.config.paths));
}

/** Removes what a killed restore has left, also from the database, which had been empty. */
async function undoInterrupted({ config }: RestoreRequest): Promise<Result<void, RestoreRefusal>> {
  const placing = readUnfinishedRestore(config.paths);
  return placing === null ? ok(removeStaging(config.paths)) : undo(config, placing);
}

/**
 * Removes what an unfinished restore has placed. The database is handled first: if it is not the
 * one that this restore has made, nothing is removed.
 */
async function undo(config: Config, placing: UnfinishedRestore): Promise<Result<void, RestoreRefusal>> {
  const removed = await removeRestored(config, placing);
  if (!removed.ok) return removed;
  removePlaced(config.paths, placing);
  removeStaging(config.paths);
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
    const backup = await unpackBackup(request, { into: staging.content });
    if (!backup.ok) return backup;
    request.step(STEPS.compare);
    const prepared = await prepare(request, staging, backup.value);
    if (!prepared.ok) return prepared;
    const mark = readMark(config.paths.databaseMark);
    if (!mark.ok) return err([mark.error]);
    // If the process is killed from here on, the next call has something to remove.
    writeUnfinishedRestore(config.paths, {
      manifestSha256: backup.value.manifestSha256,
      restored: restoredFrom(backup.value),
      placed: [],
      mark: mark.value,
    });
    const report = await putBack(request, staging, prepared.value satisfies PreparedRestore);
    if (report.ok) writeReport(config.paths, report.value);
    isDone = report.ok;
    return report;
  } finally {
    if (isDone) removeStaging(config.paths);
    else await removeRest(request);
  }
}

function restoredFrom({ manifest: { installation, audit } }: ReadBackup): UnfinishedRestore['restored'] {
  return { run: toHex(systemRandom(16)), backedUp: { id: installation, ...audit }, learnt: null };
}

/**
 * Says in both languages why nothing was restored. `error`: a system error about the backup, the
 * staging folder or the home folder.
 */
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

async function removeRest({ config, log }: RestoreRequest): Promise<void> {
  const placing = readUnfinishedRestore(config.paths);
  if (placing === null) return removeStaging(config.paths);
  const undone = await undo(config, placing);
  if (!undone.ok) for (const detail of undone.error) log.error('restore.not-undone', { detail });
}
