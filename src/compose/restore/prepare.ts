/** Makes the checks of a restore before it changes anything. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadBackup } from '../../backup/read.js';
import type { Config } from '../../config/load.js';
import { readRegistrationKeys } from '../../config/registration-keys.js';
import { readTagKeys } from '../../config/tag-keys.js';
import { programLevelOf } from '../../db/schema/levels.js';
import { equalBytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import { readMark } from '../database/mark.js';
import { type Home, readEnvironmentMark } from '../home.js';
import { type HomeIssuers, readIssuers } from '../issuers.js';
import { databaseConflict } from './database.js';
import { findJournals, type PlacedJournal } from './find-journals.js';
import { listsMissingIn, type ReadSource, readSources } from './learn-from-lists.js';
import { collectLists } from './list-sources.js';
import { findNewerThanBackup } from './newer-than-backup.js';
import type { RestoreRefusal, RestoreRequest } from './request.js';
import { conflictingNames, filesIn, plannedMoves, type StagingFolder, unwritableFolders } from './staging.js';

export type PreparedRestore = {
  readonly backup: ReadBackup;
  /**
   * The home folder as it will be after the restore: the paths of restored files lead into the
   * staging folder, those of secrets and journals to the present ones.
   */
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly sources: readonly ReadSource[];
  readonly journals: readonly PlacedJournal[];
  /** What journals, lists or the home folder know and the backup does not; lines for people. */
  readonly missing: readonly string[];
  /**
   * Whether nothing is missing, and `database.json` of the home folder shows that the backup ends
   * with the last known entry.
   */
  readonly isNewest: boolean;
  readonly differing: readonly string[];
};

/**
 * Says why nothing can be restored into this home folder and its database; null: a restore can
 * begin.
 */
export async function refusalBefore({ config, policy }: RestoreRequest): Promise<RestoreRefusal | null> {
  const { paths } = config;
  const conflicting = conflictingNames(paths);
  if (conflicting.length > 0)
    return [
      `${paths.home} is not empty: ${conflicting.slice(0, 10).join(', ')}; a restore replaces nothing: move them away first`,
    ];
  const keys = keysMissing(config);
  if (keys.length > 0) return keys;
  const database = await databaseConflict({ config, policy });
  return database === null ? null : [`${database}: a restore replaces nothing`];
}

/**
 * Returns lines about keys that must be put back first, because no backup has them. Without this
 * check, development would make new keys instead.
 */
function keysMissing(config: Config): readonly string[] {
  const tags = readTagKeys(config);
  const registration = readRegistrationKeys(config);
  const missing = [
    ...(tags.ok && tags.value.size > 0 ? [] : [config.paths.auditTags]),
    ...(registration.ok && registration.value.size > 0 ? [] : [config.paths.registrationKeys]),
  ];
  return missing.map((folder) => `${folder} has no usable key: put the keys back first, no backup has them`);
}

export async function prepare(
  request: RestoreRequest,
  staging: StagingFolder,
  backup: ReadBackup,
): Promise<Result<PreparedRestore, RestoreRefusal>> {
  const { config, policy, acceptOlder } = request;
  const mark = readMark(config.paths.databaseMark);
  if (!mark.ok) return err([mark.error]);
  const mismatch = mismatchOf(request, backup, mark.value);
  if (mismatch !== null) return err([mismatch]);
  // The `database.json` of the backup is not used: a new one is written for the restored database.
  rmSync(join(staging.home, 'database.json'), { force: true });
  const home = stagedHome(request, staging);
  const issuers = readIssuers(home);
  if (!issuers.ok) return err([`the backup cannot be used: ${issuers.error}`]);
  const collected = await collectLists({
    home: { config, policy },
    issuers: issuers.value,
    into: staging.lists,
    folders: request.lists,
    ofBackup: join(staging.home, 'crl'),
  });
  const sources = await readSources({ policy, issuers: issuers.value }, collected);
  const unwritable = unwritableOf(config.paths, staging, sources);
  if (unwritable.length > 0) return err(unwritable);
  const journals = await findJournals(request.journals, home, staging);
  if (!journals.ok) return journals;
  const newer = journals.value.filter(({ from }) => from === 'home' || from === 'named');
  const missing = await findNewerThanBackup(backup.manifest, {
    mark: mark.value,
    journals: newer,
    sources: sources.filter(({ isOfBackup }) => !isOfBackup),
  });
  if (missing.length > 0 && acceptOlder !== backup.manifestSha256)
    return err([
      'the backup is older than what is known here:',
      ...missing.slice(0, LISTED_MAX).map((line) => `  - ${line}`),
      `put a newer backup back, or accept this one: --accept-older ${backup.manifestSha256}`,
    ]);
  const differing = differingFiles(request, staging);
  const isNewest = missing.length === 0 && isLastPoint(mark.value, backup);
  return ok({
    backup,
    home,
    issuers: issuers.value,
    sources,
    journals: journals.value,
    missing,
    isNewest,
    differing,
  });
}

/** Returns a line for each folder into which this user cannot put the files of the restore. */
function unwritableOf(paths: Config['paths'], staging: StagingFolder, sources: readonly ReadSource[]) {
  const lists = listsMissingIn(paths.crl, sources).map((name) => join('crl', name));
  const folders = unwritableFolders(paths, [...plannedMoves(staging, paths).map(({ to }) => to), ...lists]);
  return folders.map((folder) => `${folder} gets files of the backup: this user must own it first (ops/restore.md)`);
}

const LISTED_MAX = 20;

/** Whether the backup ends with the entry in `database.json`, which is written with each commit. */
function isLastPoint(mark: DatabasePoint | null, { manifest: { audit } }: ReadBackup): boolean {
  return mark !== null && mark.seq === audit.seq && mark.chainHash === audit.chainHash;
}

/** Says why the backup does not belong to this installation; null: it does. */
function mismatchOf(
  { config, policy: { environment } }: RestoreRequest,
  { manifest }: ReadBackup,
  mark: DatabasePoint | null,
): string | null {
  const { paths, database } = config;
  const { kind, level } = manifest.database;
  if (manifest.environment !== environment.mark)
    return `the backup is of the environment ${manifest.environment}, and the configuration names ${environment.mark}`;
  if (existsSync(paths.environment)) {
    const found = readEnvironmentMark(paths.environment);
    if (found === null) return `${paths.environment} cannot be read, or is damaged: move it away, the backup has it`;
    if (found !== environment.mark) return `${paths.home} belongs to the environment ${found}`;
  }
  if (mark !== null && mark.id !== manifest.installation)
    return `the backup is of the installation ${manifest.installation}, and ${paths.home} belongs to ${mark.id}`;
  if (kind !== database.kind)
    return `the backup has a database of ${kind}, and the configuration names ${database.kind}`;
  if (level > programLevelOf())
    return `the backup has a schema of level ${level}, and this version knows ${programLevelOf()}: install a newer one`;
  return null;
}

function stagedHome({ config, policy }: RestoreRequest, staging: StagingFolder): Home {
  const { paths } = config;
  const staged = (name: string): string => join(staging.home, name);
  return {
    policy,
    config: {
      ...config,
      paths: {
        ...paths,
        authorities: staged('authorities'),
        ceremony: staged('ceremony'),
        database: staging.sqlite,
        node: existsSync(paths.node) ? paths.node : staged('node.json'),
      },
    },
  };
}

/**
 * Returns the files of the policy and the configuration that differ from the backup. People put
 * these back, because they belong to another user.
 */
function differingFiles({ config }: RestoreRequest, staging: StagingFolder): readonly string[] {
  const differing: string[] = [];
  for (const file of filesIn(staging.policies)) {
    const here = join(config.policies, file);
    if (!isSame(join(staging.policies, file), here)) differing.push(here);
  }
  if (config.file !== null && existsSync(staging.configuration) && !isSame(staging.configuration, config.file))
    differing.push(config.file);
  return differing;
}

function isSame(one: string, other: string): boolean {
  return existsSync(other) && equalBytes(readFileSync(one), readFileSync(other));
}
