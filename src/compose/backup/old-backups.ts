/** Names backups by their time, and removes the oldest of them. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../kernel/clock.js';

/**
 * Returns the name of a backup, for example `pfcng-production-20261129T065018Z.cms`; the extension
 * of a backup that is not encrypted is `tar`. `mark`: the mark of the environment.
 */
export function nameByTime(
  mark: string,
  { time, isPlain }: { readonly time: Instant; readonly isPlain: boolean },
): string {
  const written = new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `pfcng-${mark}-${written}.${isPlain ? 'tar' : 'cms'}`;
}

/**
 * Removes the oldest backups of a folder, so that `keep` are left. Only files that have a name of
 * `nameByTime` for this environment are counted and removed; the names are in the order of time.
 *
 * @returns the names of what was removed
 */
export function removeOldBackups(
  folder: string,
  { mark, keep }: { readonly mark: string; readonly keep: number },
): readonly string[] {
  const begin = `pfcng-${mark}-`;
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    return entry.isFile() && name.startsWith(begin) && BY_TIME.test(name.slice(begin.length)) ? [name] : [];
  });
  const removed = names.sort().slice(0, -keep);
  for (const name of removed) rmSync(join(folder, name));
  return removed;
}

const BY_TIME = /^\d{8}T\d{6}Z\.(?:cms|tar)$/;
