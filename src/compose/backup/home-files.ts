/**
 * Lists the files of a home folder that a backup contains. Except for the database, which is copied
 * by itself, nothing else of the home folder is in a backup: no tokens, no PINs, no keys of TLS, of
 * tags or of registrations, and no files that a start makes again.
 */
import { closeSync, createReadStream, fstatSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PART } from '../../backup/manifest.js';
import type { BackupPart } from '../../backup/write.js';
import { openRegularFile } from '../../config/regular-file.js';
import type { Bytes } from '../../kernel/bytes.js';
import { hasCode } from '../../kernel/errors.js';

type HomeContent = {
  /** Name of a file or folder in the home folder. */
  readonly name: string;
  /**
   * Matches the paths, in the folder, of the files that a backup contains; absent: `name` is a
   * file.
   */
  readonly files?: RegExp;
  /**
   * true: a signer appends to the last file, so that files are copied up to the end of their last
   * complete line.
   */
  readonly isAppended?: true;
};

const HOME_CONTENTS: readonly HomeContent[] = [
  { name: 'environment.json' },
  { name: 'node.json' },
  { name: 'database.json' },
  { name: 'authorities', files: /^[^/]+$/ },
  { name: 'crl', files: /^[^.][^/]*$/ },
  { name: 'signers', files: /^[^/]+\/journal\.\d+\.ndjson$/, isAppended: true },
  // The token of the root and the shares of its PIN are left out. The public files of each share
  // set are in the backup, because a transcript is verified with them.
  {
    name: 'ceremony',
    files:
      /^[^/]+\/([^/.][^/]*\.(ndjson|json|sig|html|pdf)|(authorities|crl|founding)\/[^/]+|[^/]+\/\d+\/(set|changing|in-force)\.json)$/,
  },
  { name: 'requests', files: /^[^/.][^/]*$/ },
  { name: 'console-theme', files: /^[^.]/ },
];

const POLICY_FILES = /^[^.]/;

/** Whether a backup can have a part of this name, so that nothing else is ever unpacked. */
export function isBackupPart(name: string): boolean {
  if (name.startsWith(PART.policies)) return POLICY_FILES.test(name.slice(PART.policies.length));
  if (name.startsWith(PART.home)) return isHomeContent(name.slice(PART.home.length));
  return name === PART.sqlite || name === PART.dump || name === PART.configuration;
}

/** Whether a backup contains this file of the home folder. `path`: relative to the home folder. */
function isHomeContent(path: string): boolean {
  return HOME_CONTENTS.some(({ name, files }) =>
    files === undefined ? path === name : path.startsWith(`${name}/`) && files.test(path.slice(name.length + 1)),
  );
}

/** Folders are searched down to this depth. No file that a backup contains is deeper. */
const DEPTH_MAX = 4;

/**
 * Opens the files of a home folder that a backup contains. A file that vanishes before it is read
 * is skipped, because a signer deletes old segments of its journal.
 */
export async function* homeParts(home: string): AsyncGenerator<BackupPart> {
  for (const { name, files, isAppended } of HOME_CONTENTS) {
    for (const path of files === undefined ? [name] : filesIn(home, { name, files })) {
      const content = openContent(join(home, path), isAppended === true);
      if (content !== null) yield { name: `${PART.home}${path}`, content };
    }
  }
}

/** Opens all policy files. */
export async function* policyParts(folder: string): AsyncGenerator<BackupPart> {
  for (const path of filesIn(folder, { name: '.', files: POLICY_FILES })) {
    const content = openContent(join(folder, path), false);
    if (content !== null) yield { name: `${PART.policies}${path.slice('./'.length)}`, content };
  }
}

export function filePart(name: string, file: string): BackupPart | null {
  const content = openContent(file, false);
  return content === null ? null : { name, content };
}

/**
 * Returns the paths, relative to `root`, of the files in a folder that a backup contains, sorted by
 * code units. Hidden files and folders are not looked at.
 */
function filesIn(root: string, { name, files }: { readonly name: string; readonly files: RegExp }): readonly string[] {
  const found: string[] = [];
  const look = (folder: string, depth: number): void => {
    for (const entry of namesIn(join(root, folder))) {
      // Hidden folders belong to other programs, and this process may have no access to them.
      if (entry.startsWith('.')) continue;
      const path = `${folder}/${entry}`;
      const stat = statSync(join(root, path), { throwIfNoEntry: false });
      if (stat?.isDirectory() === true && depth < DEPTH_MAX) look(path, depth + 1);
      else if (stat?.isFile() === true && files.test(path.slice(name.length + 1))) found.push(path);
    }
  };
  look(name, 1);
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * Reads the file up to the length that it has when it is opened. `isAppended`: up to the end of its
 * last complete line then. null: there is no such file.
 */
function openContent(path: string, isAppended: boolean): AsyncIterable<Bytes> | null {
  try {
    const { file } = openRegularFile(path);
    const { size } = fstatSync(file);
    const length = isAppended ? lineEnd(file, size) : size;
    if (length === 0) {
      closeSync(file);
      return nothing();
    }
    return createReadStream(path, { fd: file, start: 0, end: length - 1, highWaterMark: CHUNK_BYTES });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

const CHUNK_BYTES = 1024 * 1024;

async function* nothing(): AsyncGenerator<Bytes> {}

/** Returns the length of the file up to the end of its last complete line. */
function lineEnd(file: number, size: number): number {
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; end -= chunk.length) {
    const start = Math.max(0, end - chunk.length);
    const length = readSync(file, chunk, 0, end - start, start);
    const at = chunk.subarray(0, length).lastIndexOf('\n');
    if (at !== -1) return start + at + 1;
  }
  return 0;
}
