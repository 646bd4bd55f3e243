/**
 * The locks of a restore: its own, and those of all processes that serve from the home folder, so
 * that none of them runs or starts meanwhile.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, type ExclusiveLock } from '../../../hsm/exclusive-lock.js';
import type { HomePaths } from '../../config/paths.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { ROLES, responderName } from '../roles.js';
import type { RestoreRefusal } from './request.js';

/** The error names the process that has one of the locks. Then none is kept. */
export async function lockForRestore({
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

/** The locks of all responder processes that have run here, and of the first one in any case. */
function responderLocks(run: string): readonly string[] {
  const names = existsSync(run) ? readdirSync(run).filter((name) => /^responder-\d+$/.test(name)) : [];
  return [...new Set([responderName(0), ...names])];
}
