/** Reads and makes the keys of the tags, which stand for personal values in audit entries. */
import { existsSync } from 'node:fs';
import { missingYears, type TagKeys, yearOf } from '../../audit/tags.js';
import { makeTagKey, readTagKeys, tagKeyFile } from '../../config/tag-keys.js';
import type { Instant } from '../../kernel/clock.js';
import { err, type Result } from '../../kernel/result.js';
import type { Home } from '../home.js';
import { systemClock, systemRandom } from '../world.js';

/**
 * Returns the tag keys of the home folder and of the credentials of systemd, at least one. In the
 * development environment, first makes the keys of a new home folder, and those of later years. The
 * error says which file is wrong, or that there is no key.
 */
export function readOrCreateTagKeys(home: Home): Result<TagKeys, string> {
  const { config } = home;
  const read = readTagKeys(config);
  if (!read.ok) return err(read.error.map(({ file, fault }) => `${file} ${fault}`).join('; '));
  const now = systemClock();
  const years = yearsToMake(home, read.value, now);
  if (years.length > 0) {
    // Another process may make the keys at the same time: both then read the same files.
    for (const year of years) makeTagKey(tagKeyFile(config.paths, year), systemRandom);
    const made = readTagKeys(config);
    if (made.ok && made.value.size > 0) return made;
  }
  if (read.value.size > 0) return read;
  return err(
    `${config.paths.auditTags} has no key for the tags of audit entries: pfcng audit tag-key make ${yearOf(now)}`,
  );
}

/**
 * Returns the years whose keys development makes now: the first ones of a new home folder, and
 * those of later years. A key that was lost is not replaced, because the tags in existing entries
 * were made with the lost one.
 */
export function yearsToMake({ config, policy }: Home, keys: TagKeys, now: Instant): readonly string[] {
  if (policy.environment.mark !== 'development') return [];
  if (keys.size === 0 && existsSync(config.paths.databaseMark)) return [];
  return missingYears(keys, now).filter((year) => [...keys.keys()].every((known) => known < year));
}
