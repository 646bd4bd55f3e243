/**
 * The staging folder of a restore, `restore/` in the home folder: the backup is unpacked into
 * `content/` in it, and only what was checked is renamed into the home folder. `placing.json` says
 * what has been placed. While that file is there, nothing starts in this home folder, and a second
 * restore first removes what the first one has placed.
 */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PART } from '../../backup/manifest.js';
import type { HomePaths } from '../../config/paths.js';
import { replaceFile, syncFolder } from '../../config/replace-file.js';
import type { RestoredDatabase } from '../../db/backup/restored-database.js';
import { assert } from '../../kernel/assert.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import { writeMark } from '../database/mark.js';
import { isReport } from './report.js';

export type StagingFolder = {
  /** The parts of the backup, by their names. Nothing else is in it. */
  readonly content: string;
  /** The files of the home folder, as in the backup. */
  readonly home: string;
  readonly policies: string;
  readonly configuration: string;
  readonly sqlite: string;
  readonly dump: string;
  /** Copies of published lists. */
  readonly lists: string;
};

export function stagingOf({ restore: folder }: Pick<HomePaths, 'restore'>): StagingFolder {
  const content = join(folder, 'content');
  return {
    content,
    home: join(content, PART.home),
    policies: join(content, PART.policies),
    configuration: join(content, PART.configuration),
    sqlite: join(content, PART.sqlite),
    dump: join(content, PART.dump),
    lists: join(folder, 'lists'),
  };
}

/**
 * Names that may be in the home folder before a restore, because no backup has them or because they
 * may be newer than the backup.
 */
const ALLOWED_NAMES = [
  'credentials',
  'crl',
  'database.json',
  'environment.json',
  'log',
  'lost+found',
  'node.json',
  'ocsp',
  'pins',
  'restore',
  'run',
  'secrets',
  'signers',
  'tokens',
] as const;

/**
 * Returns the names that must not be in the home folder before a restore. Reports of earlier
 * restores and empty folders do not count, nor do the part files (`.new`) that a kill has left of
 * files in `ALLOWED_NAMES`.
 */
export function conflictingNames({ home }: Pick<HomePaths, 'home'>): readonly string[] {
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => !ALLOWED_NAMES.some((allowed) => allowed === name.replace(/\.new$/, '')) && !isReport(name))
    .filter((name) => !isEmptyFolder(join(home, name)));
}

function isEmptyFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true && readdirSync(path).length === 0;
}

/** What an interrupted restore has begun to place. */
export type UnfinishedRestore = {
  readonly manifestSha256: string;
  readonly restored: RestoredDatabase;
  /** Paths relative to the home folder, none of which was there before. */
  readonly placed: readonly string[];
  /** What the home folder knew of its database; null: nothing. */
  readonly mark: DatabasePoint | null;
};

/**
 * Reads `placing.json`. null: there is none, so that no restore was interrupted while it put a
 * backup in place.
 */
export function readUnfinishedRestore(paths: Pick<HomePaths, 'placing'>): UnfinishedRestore | null {
  if (!existsSync(paths.placing)) return null;
  return JSON.parse(readFileSync(paths.placing, 'utf8')) as UnfinishedRestore;
}

export function writeUnfinishedRestore({ placing }: Pick<HomePaths, 'placing'>, content: UnfinishedRestore): void {
  mkdirSync(dirname(placing), { recursive: true, mode: 0o700 });
  replaceFile(placing, `${JSON.stringify(content)}\n`, { part: `${placing}.new`, mode: 0o600 });
}

/** Removes what the interrupted restore has placed in the home folder. */
export function removePlaced(
  { home, databaseMark }: Pick<HomePaths, 'home' | 'databaseMark'>,
  { placed, mark }: UnfinishedRestore,
): void {
  for (const path of placed) {
    assert(!path.split('/').includes('..'), 'a placed path is in the home folder');
    rmSync(join(home, path), { recursive: true, force: true });
  }
  if (mark === null) rmSync(databaseMark, { force: true });
  else writeMark(databaseMark, mark);
}

/**
 * Removes the staging folder, and `placing.json` in it first: if the process is killed after that,
 * the next restore only has a folder to remove.
 */
export function removeStaging({ restore, placing }: Pick<HomePaths, 'restore' | 'placing'>): void {
  if (!existsSync(restore)) return;
  rmSync(placing, { force: true });
  syncFolder(restore);
  rmSync(restore, { recursive: true, force: true });
}

export type Move = { readonly from: string; readonly to: string };

/**
 * Returns the renames that put the files of the backup in place. `to`: relative to the home folder.
 * Existing files stay: published lists one by one, and journals token by token, because a journal
 * is one chain. An empty folder is replaced.
 */
export function plannedMoves({ home: staged }: StagingFolder, { home }: Pick<HomePaths, 'home'>): readonly Move[] {
  const moved = namesIn(staged).flatMap((name) => {
    if (name === 'crl') return namesIn(join(staged, name)).map((list) => join(name, list));
    if (name !== 'signers') return [name];
    return namesIn(join(staged, name))
      .filter((token) => !hasJournal(join(home, name, token)))
      .flatMap((token) => namesIn(join(staged, name, token)).map((file) => join(name, token, file)));
  });
  return moved.flatMap((path) => (isFree(join(home, path)) ? [{ from: join(staged, path), to: path }] : []));
}

function isFree(path: string): boolean {
  return !existsSync(path) || isEmptyFolder(path);
}

/**
 * Returns the existing folders that would get new files and in which this process may not write.
 * `paths`: the new files, relative to the home folder.
 */
export function unwritableFolders({ home }: Pick<HomePaths, 'home'>, paths: readonly string[]): readonly string[] {
  const folders = new Set(paths.map((path) => existingFolder(dirname(join(home, path)))));
  return [...folders].filter((folder) => !isWritable(folder));
}

function existingFolder(path: string): string {
  return existsSync(path) ? path : existingFolder(dirname(path));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether there is a journal in the folder of a token, which is below `signers/`. */
export function hasJournal(folder: string): boolean {
  return namesIn(folder).some((name) => name.startsWith('journal.'));
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function moveFiles(
  { home: staged }: StagingFolder,
  { home }: Pick<HomePaths, 'home'>,
  moves: readonly Move[],
): void {
  for (const { from, to } of moves) {
    const target = join(home, to);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    if (isEmptyFolder(target)) rmdirSync(target);
    renameSync(from, target);
  }
  for (const folder of new Set(moves.map(({ to }) => dirname(join(home, to))))) syncFolder(folder);
  const left = filesIn(staged).filter((path) => !isKept(home, path));
  assert(left.length === 0, `the home folder has everything of the backup: ${left.slice(0, 5).join(', ')}`);
}

/** Whether the home folder has this file, or had a journal of the same token before the restore. */
function isKept(home: string, path: string): boolean {
  const [folder, token] = path.split('/');
  if (folder === 'signers' && token !== undefined) return hasJournal(join(home, folder, token));
  return existsSync(join(home, path));
}

/** Returns the paths of all files in the folder, relative to it. */
export function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
