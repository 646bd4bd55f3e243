/**
 * Files of a home folder as ceremonies write them: each is complete or absent, and synchronised to
 * disk before the ceremony goes on.
 */
import { constants, realpathSync } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { splitLines } from '../ceremony/transcript/transcript.js';
import type { VerifyFault } from '../ceremony/verify/model.js';
import { ARTEFACT_BYTES_MAX, TOO_LARGE, TRANSCRIPT_BYTES_MAX } from '../ceremony/verify/verify.js';
import type { CeremonyFiles } from '../ceremony/world.js';
import { readRegularFile } from '../config/regular-file.js';
import { assert } from '../kernel/assert.js';
import { type Bytes, fromUtf8 } from '../kernel/bytes.js';
import { hasCode } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';

const PUBLIC_MODE = 0o644;
const SECRET_MODE = 0o400;
const ENCRYPTED_MODE = 0o600;
/** The permission bits of the group and of all other users. */
const OTHERS_MASK = 0o077;

/** One process at a time writes below `home`: the caller has the lock on the ceremony's folder. */
export function homeFiles(home: string): CeremonyFiles {
  const inHome = (path: string): string => join(home, path);
  return {
    read: (path) => readOrNull(inHome(path)),
    readTypedPath: (path) => readSmallOrNull(resolve(path)),
    create: (path, content) => createWhole(inHome(path), content, PUBLIC_MODE),
    replace: (path, content) => writeWhole(inHome(path), content, PUBLIC_MODE),
    createSecret: (path, content) => createWhole(inHome(path), content, SECRET_MODE),
    createPrivate: (path, content) => createWhole(inHome(path), content, ENCRYPTED_MODE),
    isOpenToOthers: (path, from) => isOpenToOthers(home, from === 'home' ? inHome(path) : resolve(path)),
    async rename(from, to) {
      await rename(inHome(from), inHome(to));
      await syncPath(dirname(inHome(to)));
    },
    async append(path, content) {
      await makeFolder(dirname(inHome(path)), 0o700);
      await withFile(await open(inHome(path), 'a', PUBLIC_MODE), (file) => file.writeFile(content));
      await syncPath(dirname(inHome(path)));
    },
    async truncate(path, length) {
      await withFile(await open(inHome(path), 'r+'), (file) => file.truncate(length));
    },
  };
}

/**
 * Far above the size of any file of a ceremony, so that a file from elsewhere cannot exhaust the
 * memory.
 */
export const READ_BYTES_MAX = 64 * 1024 * 1024;

/** Throws the errors of `readRegularFile`. `null`: the file does not exist. */
async function readOrNull(path: string): Promise<Bytes | null> {
  try {
    return new Uint8Array(readRegularFile(path, READ_BYTES_MAX));
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** A path that somebody typed may name any file of this machine, and shares and keys are small. */
const GIVEN_BYTES_MAX = 64 * 1024;

async function readSmallOrNull(path: string): Promise<Bytes | null> {
  try {
    return new Uint8Array(readRegularFile(path, GIVEN_BYTES_MAX));
  } catch {
    return null;
  }
}

/**
 * Whether users other than the owner may read a file. On another file system, such as a USB stick,
 * the mode comes from the mount options and says nothing, so the answer there is false.
 */
async function isOpenToOthers(home: string, path: string): Promise<boolean> {
  const [found, root] = await Promise.all([path, home].map((one) => stat(one).catch(() => null)));
  if (!found || !root) return false;
  return found.dev === root.dev && (found.mode & OTHERS_MASK) !== 0;
}

export function isMissing(thrown: unknown): boolean {
  return hasCode(thrown, 'ENOENT') || hasCode(thrown, 'ENOTDIR');
}

export async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function createWhole(path: string, content: Bytes, mode: number): Promise<void> {
  assert(!(await isThere(path)), `${path} exists: a ceremony replaces nothing`);
  await writeWhole(path, content, mode);
}

/** Share files begin with the random id of their set: the next attempt makes another set. */
const RANDOM_PREFIX = /^[0-9a-f]{8}-/;

/**
 * Writes to a temporary name and renames. The temporary name is the same for every attempt, so that
 * a second attempt overwrites what an interrupted one left.
 */
async function writeWhole(path: string, content: Bytes, mode: number): Promise<void> {
  await makeFolder(dirname(path), mode === PUBLIC_MODE ? 0o755 : 0o700);
  const part = join(dirname(path), `.${basename(path).replace(RANDOM_PREFIX, '')}.part`);
  await withFile(await open(part, 'w', 0o600), async (file) => {
    await file.writeFile(content);
    await file.chmod(mode);
  });
  await rename(part, path);
  await syncPath(dirname(path));
}

/**
 * Creates a folder and its parents, and synchronises their names to disk. Otherwise a power cut
 * could remove the folder with the shares in it, after the token has received the shared PIN.
 */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  const whole = resolve(folder);
  const first = await mkdir(whole, { recursive: true, mode });
  if (first === undefined) return;
  // Each folder's name is stored in its parent.
  for (let made = whole; made.length >= first.length; made = dirname(made)) await syncPath(dirname(made));
}

async function withFile(file: FileHandle, act: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await act(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Synchronises a file or folder. POSIX makes a rename durable only when its folder is
 * synchronised.
 */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Synchronises every file below `folder`, because SoftHSM does not synchronise its own. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncPath(path);
  }
  await syncPath(folder);
}

/**
 * `null`: the file does not exist, is too large, is not a regular file, or its path or a link
 * leaves the folder. So the author of a transcript cannot make this machine read other files, or
 * block.
 */
export function readBelow(home: string, path: string, bytesMax = ARTEFACT_BYTES_MAX): Bytes | null {
  const read = tryRead(home, path, bytesMax);
  return read.ok ? read.value : null;
}

type NotRead = 'absent' | 'too-large';

function tryRead(home: string, path: string, bytesMax: number): Result<Bytes, NotRead> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)) return err('absent');
  try {
    const real = realpathSync(join(home, path));
    if (relative(realpathSync(home), real).startsWith('..')) return err('absent');
    return ok(new Uint8Array(readRegularFile(real, bytesMax)));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
    if (code === 'EFBIG') return err('too-large');
    if (isMissing(thrown) || code === 'ELOOP' || code === 'EISDIR' || code === 'ESPIPE') return err('absent');
    throw thrown;
  }
}

const NOT_UTF8 = { fr: "le fichier n'est pas en UTF-8", en: 'the file is not UTF-8' };
const CUT_OFF = { fr: 'la dernière ligne est tronquée', en: 'the last line is cut off' };

/**
 * The lines of a transcript and its home folder. A transcript is
 * `<home>/ceremony/<id>/transcript.ndjson`, and the paths of its files are relative to `<home>`.
 */
export function readTranscript(
  file: string,
): Result<{ readonly home: string; readonly lines: readonly string[] }, VerifyFault> {
  const folder = dirname(resolve(file));
  const home = dirname(dirname(folder));
  const read = tryRead(folder, basename(file), TRANSCRIPT_BYTES_MAX);
  if (!read.ok)
    return read.error === 'too-large'
      ? err({ kind: 'transcript-too-large', rule: TOO_LARGE })
      : err({ kind: 'artefact-missing', artefact: relative(home, resolve(file)) });
  const text = fromUtf8(read.value);
  if (text === null) return err({ kind: 'line-altered', line: 1, rule: NOT_UTF8 });
  const { lines, torn } = splitLines(text);
  if (torn !== '') return err({ kind: 'line-altered', line: lines.length + 1, rule: CUT_OFF });
  return ok({ home, lines });
}

/**
 * Finds a transcript that is in the folder of another ceremony. It would verify there with its own
 * files, and the missing transcript would go unnoticed. null: it is in its own folder.
 */
export function folderFault(file: string, ceremony: string): VerifyFault | null {
  const folder = basename(dirname(resolve(file)));
  if (folder === ceremony) return null;
  const rule = {
    fr: `c'est la transcription de la cérémonie ${ceremony}, dans le dossier de ${folder}`,
    en: `the transcript of ceremony ${ceremony}, in the folder of ${folder}`,
  };
  return { kind: 'line-altered', line: 1, rule };
}
