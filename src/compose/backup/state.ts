/**
 * Reads and writes `backup.json` in the home folder: the last backup that was verified after it was
 * written. The metrics show it.
 */
import type { Config } from '../../config/load.js';
import { readRegularFile } from '../../config/regular-file.js';
import { replaceFile } from '../../config/replace-file.js';
import { HOUR_MS, SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';

export type LastBackup = {
  /** The time of the database in the backup, in milliseconds since 1970. */
  readonly takenAt: number;
  readonly bytes: number;
  /** The path of the backup file. */
  readonly file: string;
  /** SHA-256 of the file, and of `manifest.json` in it; lower-case hex. */
  readonly sha256: string;
  readonly manifestSha256: string;
};

/**
 * A backup that is older than this is too old: one is made each night, and two hours are added for
 * it. The alert PfcngBackupOld has the same limit.
 */
export const BACKUP_AGE_MS_MAX = 26 * HOUR_MS;

/** Reads `backup.json`. null: there is no such file, or its content is not valid. */
export function readLastBackup(file: string): LastBackup | null {
  try {
    const value = JSON.parse(readRegularFile(file).toString('utf8')) as Partial<LastBackup>;
    return Number.isFinite(value.takenAt) && Number.isFinite(value.bytes) ? (value as LastBackup) : null;
  } catch {
    return null;
  }
}

/**
 * Sets the metrics of the last backup. An installation without recipients of backups has no such
 * metrics, so that no alert fires.
 */
export function reportBackup({ backup, paths }: Pick<Config, 'backup' | 'paths'>, metrics: Metrics): void {
  const { backupTaken, backupBytes } = metrics;
  if (backup.recipients === undefined) {
    backupTaken.remove();
    backupBytes.remove();
    return;
  }
  const last = readLastBackup(paths.lastBackup);
  backupTaken.set(last === null ? 0 : last.takenAt / SECOND_MS);
  backupBytes.set(last?.bytes ?? 0);
}

export function writeLastBackup(file: string, last: LastBackup): void {
  replaceFile(file, `${JSON.stringify(last)}\n`, { part: `${file}.new`, mode: 0o644 });
}
