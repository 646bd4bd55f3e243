/**
 * The keys of the tags in audit entries, one file for each year: `secrets/audit-tags/<year>.key` in
 * the home folder, or `audit-tag-<year>.key` among the credentials that systemd gives the unit.
 * Each has 32 random octets. They are the same on every node, and never in the database.
 */
import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TAG_KEY_OCTETS, type TagKeys } from '../audit/tags.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Random } from '../ports/world.js';
import type { Config } from './load.js';
import { readSecretOctets } from './password-file.js';
import type { HomePaths } from './paths.js';

type KeyFolders = { readonly paths: Pick<HomePaths, 'auditTags'> } & Pick<Config, 'credentials'>;

/** `file` cannot be used; `fault` goes on after its path. */
export type TagKeyFault = { readonly file: string; readonly fault: string };

/** All keys by year; none: there are none. The error names each file that cannot be used. */
export function readTagKeys({ paths, credentials }: KeyFolders): Result<TagKeys, readonly TagKeyFault[]> {
  const files = [
    ...filesIn(paths.auditTags, /^(\d{4})\.key$/),
    ...(credentials === null ? [] : filesIn(credentials, /^audit-tag-(\d{4})\.key$/)),
  ];
  const keys = new Map<string, Bytes>();
  const faults: TagKeyFault[] = [];
  for (const { year, file } of files) {
    const read = readSecretOctets(file, TAG_KEY_OCTETS);
    if (read.ok) keys.set(year, read.value);
    else faults.push({ file, fault: read.error });
  }
  return faults.length === 0 ? ok(keys) : err(faults);
}

function filesIn(folder: string, form: RegExp): readonly { readonly year: string; readonly file: string }[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Without the folder there is no key, which is reported where a key is needed.
    return [];
  }
  return names.flatMap((name) => {
    const [, year] = form.exec(name) ?? [];
    return year === undefined ? [] : [{ year, file: join(folder, name) }];
  });
}

export function tagKeyFile({ auditTags }: Pick<HomePaths, 'auditTags'>, year: string): string {
  return join(auditTags, `${year}.key`);
}

/** Makes the key of a year. A key that is there is never replaced: the error says so. */
export function makeTagKey(file: string, random: Random): Result<void, string> {
  const part = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(part, random(TAG_KEY_OCTETS), { flag: 'wx', mode: 0o600, flush: true });
    // A link, unlike a renaming, fails where another process has made the key.
    linkSync(part, file);
    return ok(undefined);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return err(`${file} exists already`);
    return err(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(part, { force: true });
  }
}
