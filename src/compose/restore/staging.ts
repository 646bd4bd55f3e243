/**
 * The staging folder of a restore, `restore/` in the home folder: the backup is unpacked there, and
 * only what was checked is renamed into the home folder. `placing.json` in it says what has been
 * placed. While that file is there, nothing starts in this home folder, and a second restore first
 * removes what the first one has placed.
 */
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PART } from '../../backup/manifest.js';
import type { BackupPart } from '../../backup/write.js';
import type { HomePaths } from '../../config/paths.js';
import { replaceFile, syncFolder } from '../../config/replace-file.js';
import { assert } from '../../kernel/assert.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import { writeMark } from '../database/mark.js';

export type StagingFolder = {
  readonly folder: string;
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
  return {
    folder,
    home: join(folder, PART.home),
    policies: join(folder, PART.policies),
    configuration: join(folder, PART.configuration),
    sqlite: join(folder, PART.sqlite),
    dump: join(folder, PART.dump),
    lists: join(folder, 'lists'),
  };
}

/** What is public, or is read by the signers, which have users of their own. */
const READ_BY_OTHERS = ['authorities', 'crl', 'ceremony', 'environment.json'].map((name) => `${PART.home}${name}`);

/** Writes a part of a backup; its name is a relative path without `..` (`isPartName`). */
export async function unpackPart(folder: string, { name, content }: BackupPart): Promise<void> {
  const isShared = name.startsWith(PART.policies) || READ_BY_OTHERS.some((one) => name.startsWith(one));
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true, mode: isShared ? 0o755 : 0o700 });
  await pipeline(Readable.from(content), createWriteStream(file, { mode: isShared ? 0o644 : 0o600, flush: true }));
}

/**
 * What may be in the home folder before a restore, because no backup has it or because it may be
 * newer than the backup.
 */
const KEPT = [
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

/** The files and folders that a restore would replace. Empty folders are nothing. */
export function inTheWay({ home }: Pick<HomePaths, 'home'>): readonly string[] {
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => !KEPT.some((kept) => kept === name))
    .filter((name) => !isEmptyFolder(join(home, name)));
}

function isEmptyFolder(path: string): boolean {
  return lstatSync(path).isDirectory() && readdirSync(path).length === 0;
}

/** What an interrupted restore has begun to place. */
export type PlacingRecord = {
  readonly manifestSha256: string;
  readonly database: 'sqlite' | 'postgresql';
  /** Paths relative to the home folder, none of which was there before. */
  readonly placed: readonly string[];
  /** What the home folder knew of its database; null: nothing. */
  readonly mark: DatabasePoint | null;
};

/** null: none was interrupted while it placed something. */
export function readPlacing(paths: Pick<HomePaths, 'placing'>): PlacingRecord | null {
  if (!existsSync(paths.placing)) return null;
  return JSON.parse(readFileSync(paths.placing, 'utf8')) as PlacingRecord;
}

export function writePlacing({ placing }: Pick<HomePaths, 'placing'>, content: PlacingRecord): void {
  mkdirSync(dirname(placing), { recursive: true, mode: 0o700 });
  replaceFile(placing, `${JSON.stringify(content)}\n`, { part: `${placing}.new`, mode: 0o600 });
}

/** Removes what the interrupted restore has placed in the home folder. */
export function removePlaced(
  { home, databaseMark }: Pick<HomePaths, 'home' | 'databaseMark'>,
  { placed, mark }: PlacingRecord,
): void {
  for (const path of placed) {
    assert(!path.split('/').includes('..'), 'a placed path is in the home folder');
    rmSync(join(home, path), { recursive: true, force: true });
  }
  if (mark === null) rmSync(databaseMark, { force: true });
  else writeMark(databaseMark, mark);
}

export function removeStaging({ folder }: StagingFolder): void {
  rmSync(folder, { recursive: true, force: true });
}

export type Move = { readonly from: string; readonly to: string };

/**
 * What will be renamed, relative to the home folder. What is there already stays: published lists
 * one by one, and journals token by token, because a journal is one chain.
 */
export function plannedMoves({ home: staged }: StagingFolder, { home }: Pick<HomePaths, 'home'>): readonly Move[] {
  const moved = namesIn(staged).flatMap((name) => {
    if (name === 'crl') return namesIn(join(staged, name)).map((list) => join(name, list));
    if (name !== 'signers') return [name];
    return namesIn(join(staged, name))
      .filter((token) => !hasJournal(join(home, name, token)))
      .flatMap((token) => namesIn(join(staged, name, token)).map((file) => join(name, token, file)));
  });
  return moved.flatMap((path) => (existsSync(join(home, path)) ? [] : [{ from: join(staged, path), to: path }]));
}

/** `folder`: that of a token below `signers/`. */
export function hasJournal(folder: string): boolean {
  return namesIn(folder).some((name) => name.startsWith('journal.'));
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function place({ home }: Pick<HomePaths, 'home'>, moves: readonly Move[]): void {
  for (const { from, to } of moves) {
    const target = join(home, to);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    renameSync(from, target);
  }
  for (const folder of new Set(moves.map(({ to }) => dirname(join(home, to))))) syncFolder(folder);
}

/** Copies, so that a staged file stays for a restore that begins again. */
export function copyInto(folder: string, from: string, name: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  copyFileSync(from, join(folder, name));
}
