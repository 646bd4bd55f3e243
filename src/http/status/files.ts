/**
 * Published lists as they are served. They are kept in memory and sent from there, as far as there is room; of others only what describes
 * them. A file is looked at again a second after the last look, and at once when the publisher says that it has changed.
 *
 * Entity tags are of the content, so that they agree between services behind one address and over restarts: a digest of the size and
 * of both ends, the last of which is the issuer's signature over all the rest.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CRL_HEAD_BYTES, readCrlHead } from '../../crl/head.js';
import { toHex, utf8 } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256 } from '../../kernel/digest.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Clock } from '../../ports/world.js';

export type PublishedFile = {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** thisUpdate, the same wherever the list is served. */
  readonly modified: Instant;
  /** The same; null where that would not tell it from the one before. */
  readonly lastModified: Instant | null;
  /** null: no list. */
  readonly nextUpdate: Instant | null;
  /** The whole; null where it is read from the disk for each reader. */
  readonly bytes: Buffer | null;
  /** Of the file system: what it is compared by. */
  readonly identity: string;
};

export type PublishedFiles = {
  /** What is in memory and was looked at within the second, without waiting. */
  readonly hot: (name: string) => PublishedFile | null;
  /** null: there is none. Throws what the file system says otherwise. */
  readonly find: (name: string) => Promise<PublishedFile | null>;
  /** The publisher has put others in their places: each is looked at again before it is sent. */
  readonly changed: () => void;
};

const MIB = 1024 * 1024;

export type KeptLimits = {
  readonly smallBytesMax: number;
  readonly bytesMax: number;
  readonly togetherBytesMax: number;
};

/**
 * From the disk a long list takes three times the processor that it takes from memory. Lists of some hundred thousand entries are kept
 * as they are asked for, the latest; one of a million only as long as there is room beside the others, so that no two take turns.
 */
const KEPT: KeptLimits = { smallBytesMax: 8 * MIB, bytesMax: 48 * MIB, togetherBytesMax: 128 * MIB };
const LOOK_EVERY_MS = SECOND_MS;
const TAIL_BYTES = 1024;

type Kept = { readonly file: PublishedFile; lookedAt: Instant };

export function createPublishedFiles(folder: string, clock: Clock, limits: KeptLimits = KEPT): PublishedFiles {
  const kept = new Map<string, Kept>();
  const keptBytes = (but: string | null): number =>
    [...kept.values()].reduce((sum, { file }) => sum + (file.name === but ? 0 : (file.bytes?.length ?? 0)), 0);
  const isKept = (name: string, size: number): boolean =>
    size <= limits.smallBytesMax || (size <= limits.bytesMax && keptBytes(name) + size <= limits.togetherBytesMax);

  const looks = new Map<string, Promise<PublishedFile | null>>();
  let changes = 0;

  const hot = (name: string): PublishedFile | null => {
    const one = kept.get(name);
    if (one === undefined) return null;
    const age = clock() - one.lookedAt;
    // A clock that was set back is no reason to believe what was looked at in its future.
    return age >= 0 && age < LOOK_EVERY_MS ? one.file : null;
  };

  const look = async (name: string): Promise<PublishedFile | null> => {
    const path = join(folder, name);
    const before = kept.get(name);
    const changesBefore = changes;
    const found = await stat(path).catch(absent);
    if (before !== undefined && found !== null && identityOf(found) === before.file.identity) {
      before.lookedAt = lookedAt(changesBefore);
      return before.file;
    }
    const file = found === null ? null : await load({ path, name, before: before?.file ?? null, isKept });
    if (file === null) kept.delete(name);
    else keep(file, lookedAt(changesBefore));
    return file;
  };
  /** What was changed under a look is looked at again by the next reader. */
  const lookedAt = (changesBefore: number): Instant => (changes === changesBefore ? clock() : Number.NEGATIVE_INFINITY);

  const keep = (file: PublishedFile, lookedAt: Instant): void => {
    // What was asked for last stays: a map keeps the order of its entries.
    kept.delete(file.name);
    kept.set(file.name, { file, lookedAt });
    let together = keptBytes(null);
    for (const [name, one] of kept) {
      if (together <= limits.togetherBytesMax) break;
      together -= one.file.bytes?.length ?? 0;
      kept.delete(name);
    }
  };

  return {
    hot,
    find: (name) => {
      const now = hot(name);
      if (now !== null) return Promise.resolve(now);
      // Readers that come together look once.
      const looking = looks.get(name) ?? look(name).finally(() => looks.delete(name));
      looks.set(name, looking);
      return looking;
    },
    changed: () => {
      changes += 1;
      // Not forgotten: the next ones are compared with them.
      for (const one of kept.values()) one.lookedAt = Number.NEGATIVE_INFINITY;
      looks.clear();
    },
  };
}

/** A list that cannot be read now is not one that is not there: that is thrown on, and the reader comes again. */
function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

type Facts = { readonly ino: number; readonly size: number; readonly mtimeMs: number };

export function identityOf({ ino, size, mtimeMs }: Facts): string {
  return `${ino}-${size}-${mtimeMs}`;
}

type Loading = {
  readonly path: string;
  readonly name: string;
  /** What stood there at the last look. */
  readonly before: PublishedFile | null;
  readonly isKept: (name: string, sizeBytes: number) => boolean;
};

async function load({ path, name, before, isKept }: Loading): Promise<PublishedFile | null> {
  const handle = await open(path).catch(absent);
  if (handle === null) return null;
  try {
    // Of what was opened, whatever takes its name meanwhile.
    const found = await handle.stat();
    if (!found.isFile()) return null;
    const { size } = found;
    const bytes = isKept(name, size) ? await readAt(handle, 0, size) : null;
    const beginning = bytes?.subarray(0, CRL_HEAD_BYTES) ?? (await readAt(handle, 0, CRL_HEAD_BYTES));
    const tailFrom = Math.max(0, size - TAIL_BYTES);
    const tail = bytes?.subarray(tailFrom) ?? (await readAt(handle, tailFrom, TAIL_BYTES));
    const head = readCrlHead(beginning);
    const etag = `"${toHex(sha256(utf8(`${size}-`), beginning, tail)).slice(0, 32)}"`;
    const modified = head?.thisUpdate ?? Math.floor(found.mtimeMs / SECOND_MS) * SECOND_MS;
    // RFC 9110 8.8.2.2: a date in seconds cannot tell two lists of one second apart.
    const isTelling =
      before === null || before.modified !== modified || (before.etag === etag && before.lastModified !== null);
    return {
      ...{ name, path, etag, bytes, sizeBytes: size, identity: identityOf(found) },
      modified,
      lastModified: isTelling ? modified : null,
      nextUpdate: head?.nextUpdate ?? null,
    };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
