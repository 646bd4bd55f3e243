/** Files of a home folder as ceremonies write them: whole or not there, and on disk before anybody relies on them. */
import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { CeremonyFiles } from '../ceremony/world.js';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';

const PUBLIC_MODE = 0o644;
const SECRET_MODE = 0o400;
const SEALED_MODE = 0o600;
/** Of a group, or of everybody. */
const OTHERS_MASK = 0o077;

/** One process at a time writes below `home`: whoever makes this holds the ceremony's folder. */
export function homeFiles(home: string): CeremonyFiles {
  const at = (path: string): string => join(home, path);
  return {
    read: (path) => readOrNull(at(path)),
    readGiven: (path) => readSmallOrNull(resolve(path)),
    create: (path, content) => createWhole(at(path), content, PUBLIC_MODE),
    replace: (path, content) => writeWhole(at(path), content, PUBLIC_MODE),
    createSecret: (path, content) => createWhole(at(path), content, SECRET_MODE),
    createSealed: (path, content) => createWhole(at(path), content, SEALED_MODE),
    isOpenToOthers: (path, from) => isOpenToOthers(home, from === 'home' ? at(path) : resolve(path)),
    async rename(from, to) {
      await rename(at(from), at(to));
      await syncPath(dirname(at(to)));
    },
    async append(path, content) {
      await makeFolder(dirname(at(path)), 0o700);
      await withFile(await open(at(path), 'a', PUBLIC_MODE), (file) => file.writeFile(content));
      await syncPath(dirname(at(path)));
    },
    async truncate(path, length) {
      await withFile(await open(at(path), 'r+'), (file) => file.truncate(length));
    },
  };
}

/** Far above what ceremonies make and bring: a file from elsewhere does not take all of this machine's memory. */
export const READ_BYTES_MAX = 64 * 1024 * 1024;

/** What is no plain file, a pipe or a device, would be waited for without end. */
async function readOrNull(path: string): Promise<Bytes | null> {
  try {
    const found = await stat(path);
    const refused = found.size > READ_BYTES_MAX ? 'EFBIG' : found.isFile() || found.isDirectory() ? null : 'ESPIPE';
    if (refused !== null) throw Object.assign(new Error(refused), { syscall: 'read', code: refused, path });
    return new Uint8Array(await readFile(path));
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** What somebody typed may be any file of this machine; shares and keys are small. */
const GIVEN_BYTES_MAX = 64 * 1024;

async function readSmallOrNull(path: string): Promise<Bytes | null> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size > GIVEN_BYTES_MAX) return null;
  return readOrNull(path).catch(() => null);
}

/** On a disk of its own, as a USB stick has, modes are those of how it was mounted, and say nothing. */
async function isOpenToOthers(home: string, path: string): Promise<boolean> {
  const [found, root] = await Promise.all([path, home].map((one) => stat(one).catch(() => null)));
  if (!found || !root) return false;
  return found.dev === root.dev && (found.mode & OTHERS_MASK) !== 0;
}

export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
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

/** Shares have the number of their set before their own: the next attempt makes another set. */
const OF_CHANCE = /^[0-9a-f]{8}-/;

/** A name of its own for what is not finished, so that a second attempt writes over the first one's remains. */
async function writeWhole(path: string, content: Bytes, mode: number): Promise<void> {
  await makeFolder(dirname(path), mode === PUBLIC_MODE ? 0o755 : 0o700);
  const part = join(dirname(path), `.${basename(path).replace(OF_CHANCE, '')}.part`);
  await withFile(await open(part, 'w', 0o600), async (file) => {
    await file.writeFile(content);
    await file.chmod(mode);
  });
  await rename(part, path);
  await syncPath(dirname(path));
}

/**
 * With the folders above it, and on disk: what is in a folder whose own name a power cut takes away is lost too, were it the shares of a
 * PIN that the token has by then.
 */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  const whole = resolve(folder);
  const first = await mkdir(whole, { recursive: true, mode });
  if (first === undefined) return;
  // The name of each is in the one above it.
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

/** Of a folder: makes a rename in it last, which POSIX leaves to a sync of the folder. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts every file below `folder` on disk: SoftHSM writes its own without waiting for that. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncPath(path);
  }
  await syncPath(folder);
}
