/**
 * Takes the locks of a restore: its own lock, the lock of the database, and those of all processes
 * that serve from the home folder, so that no such process runs or starts during the restore.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, type ExclusiveLock } from '../../../hsm/exclusive-lock.js';
import type { Config } from '../../config/load.js';
import type { HomePaths } from '../../config/paths.js';
import { type DatabaseLock, lockRestoredDatabase } from '../../db/backup/restore-lock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { ROLES, responderName } from '../roles.js';
import { postgresqlOptions } from '../store.js';
import type { RestoreRefusal } from './request.js';

/**
 * Takes all locks of a home folder, without waiting. If another process has one of them, takes
 * none, and the error names that process.
 */
export async function lockHome({
  home,
  run,
}: Pick<HomePaths, 'home' | 'run'>): Promise<Result<ExclusiveLock, RestoreRefusal>> {
  const locks: ExclusiveLock[] = [];
  const release = (): void => {
    for (const lock of locks) lock.release();
  };
  for (const name of ['restore', ...Object.keys(ROLES), ...responderLockNames(run)]) {
    const lock = await acquireLock(join(run, name), 0);
    if (lock.ok) locks.push(lock.value);
    else {
      release();
      const { owner } = lock.error;
      return err([
        name === 'restore'
          ? `another restore into ${home} is running: process ${owner}`
          : `${home} is served by process ${owner} (lock ${name}): stop it first`,
      ]);
    }
  }
  return ok({ release });
}

/**
 * Locks the database against restores from other home folders. null: a SQLite database needs no
 * lock of its own, because it is in the home folder.
 */
export async function lockDatabase({
  database,
}: Pick<Config, 'database'>): Promise<Result<DatabaseLock | null, RestoreRefusal>> {
  if (database.kind === 'sqlite') return ok(null);
  const options = postgresqlOptions(database);
  if (!options.ok) return err([options.error]);
  const lock = await lockRestoredDatabase(options.value);
  return lock.ok ? lock : err([`the database ${database.database} on ${database.host}: ${lock.error}`]);
}

/**
 * Returns the names of the locks of all responder processes that have run here, and of the first
 * one in any case.
 */
function responderLockNames(run: string): readonly string[] {
  const names = existsSync(run) ? readdirSync(run).filter((name) => /^responder-\d+$/.test(name)) : [];
  return [...new Set([responderName(0), ...names])];
}
