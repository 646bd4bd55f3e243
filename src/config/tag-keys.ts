/**
 * The keys of the tags in audit entries, one file for each year: `secrets/audit-tags/<year>.key` in
 * the home folder, or `audit-tag-<year>.key` among the credentials that systemd gives the unit.
 * Each has 32 random octets. They are the same on every node, and never in the database.
 */
import { join } from 'node:path';
import { TAG_KEY_OCTETS, type TagKeys } from '../audit/tags.js';
import type { Result } from '../kernel/result.js';
import type { Random } from '../ports/world.js';
import { type KeyFileFault, makeKeyFile, readKeyFiles } from './key-files.js';
import type { Config } from './load.js';
import type { HomePaths } from './paths.js';

type KeyFolders = { readonly paths: Pick<HomePaths, 'auditTags'> } & Pick<Config, 'credentials'>;

/** All keys by year; the map may be empty. The error names each file that cannot be used. */
export function readTagKeys({ paths, credentials }: KeyFolders): Result<TagKeys, readonly KeyFileFault[]> {
  const folders = [
    { folder: paths.auditTags, form: /^(\d{4})\.key$/ },
    { folder: credentials, form: /^audit-tag-(\d{4})\.key$/ },
  ];
  return readKeyFiles(folders, TAG_KEY_OCTETS);
}

export function tagKeyFile({ auditTags }: Pick<HomePaths, 'auditTags'>, year: string): string {
  return join(auditTags, `${year}.key`);
}

/** Makes the key of a year. A key that is there is never replaced: the error says so. */
export function makeTagKey(file: string, random: Random): Result<void, string> {
  return makeKeyFile(file, TAG_KEY_OCTETS, random);
}
