/**
 * The locks of a restore: its own, those of all processes that serve from the home folder, so that
 * none of them runs or starts meanwhile, and that of the database.
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

/** The error names the process that has one of the locks. Then none is kept. */
export async function lockHome({
  home,
  run,
}: Pick<HomePaths, 'home' | 'run'>): Promise<Result<ExclusiveLock, RestoreRefusal>> {
  const locks: ExclusiveLock[] = [];
  const release = (): void => {
    for (const lock of locks) lock.release();
  };
  for (const name of ['restore', ...Object.keys(ROLES), ...responderLocks(run)]) {
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
 * Keeps restores from other home folders away from the database. null: that of SQLite is in the
 * home folder, whose locks suffice.
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

/** The locks of all responder processes that have run here, and of the first one in any case. */
function responderLocks(run: string): readonly string[] {
  const names = existsSync(run) ? readdirSync(run).filter((name) => /^responder-\d+$/.test(name)) : [];
  return [...new Set([responderName(0), ...names])];
}
