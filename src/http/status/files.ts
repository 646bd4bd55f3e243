/**
 * Loads the published CRLs for the server of relying parties. Their metadata are cached, and their
 * contents up to a limit of memory. A cached file that is requested is compared with the disk again
 * if its last check is a second old, or if the publisher has reported a change since.
 *
 * The entity tag of a CRL is a digest of its size, its first bytes and its last bytes, which
 * contain the signature. It depends on the content only, so services behind one address have the
 * same tags, also after a restart.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CRL_HEAD_BYTES, readCrlHead } from '../../crl/head.js';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { absent } from '../../kernel/errors.js';
import type { Clock } from '../../ports/world.js';

export type ServedCrl = {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /**
   * The thisUpdate of the CRL. The modification time of the file is not used, because it differs
   * between servers; it only replaces thisUpdate if the file is not a CRL.
   */
  readonly modified: Instant;
  /**
   * The value of Last-Modified: `modified`, or null if the previous CRL has the same date, because
   * then the date does not tell the two apart.
   */
  readonly lastModified: Instant | null;
  /** null: the file is not a CRL. */
  readonly nextUpdate: Instant | null;
  /**
   * The whole content; null: there is no room for it in the cache, so it is read from the disk for
   * each client.
   */
  readonly bytes: Buffer | null;
  /** A text that changes when the file is replaced or written. */
  readonly identity: string;
};

export type ServedCrls = {
  /**
   * Returns the file at once if it is cached and was checked within the last second, otherwise
   * null.
   */
  readonly findCached: (name: string) => ServedCrl | null;
  /**
   * Returns the file after checking the disk if necessary; null: there is no such file. Throws on
   * any other error of the file system.
   */
  readonly find: (name: string) => Promise<ServedCrl | null>;
  /**
   * Tells the cache that the publisher has replaced files: each file is checked again before it is
   * served.
   */
  readonly changed: () => void;
};

const MIB = 1024 * 1024;

type FileCacheLimits = {
  /** Files up to this size are always cached. */
  readonly smallBytesMax: number;
  /** Larger files are never cached. */
  readonly bytesMax: number;
  readonly totalBytesMax: number;
};

/**
 * Serving a long CRL from the disk takes three times the CPU of serving it from memory. A small
 * file (a CRL of some hundred thousand entries) is always cached; if the cache is then too large,
 * the files that were loaded first are evicted. A larger file (a CRL of a million entries) is
 * cached only if it fits beside the others, so that two such files do not evict each other again
 * and again.
 */
const CACHE_LIMITS: FileCacheLimits = { smallBytesMax: 8 * MIB, bytesMax: 48 * MIB, totalBytesMax: 128 * MIB };
const CHECK_EVERY_MS = SECOND_MS;
const TAIL_BYTES = 1024;

type FileCacheEntry = { readonly file: ServedCrl; checkedAt: Instant };

export function createServedCrls(folder: string, clock: Clock, limits: FileCacheLimits = CACHE_LIMITS): ServedCrls {
  const cache = new Map<string, FileCacheEntry>();
  const cachedBytes = (except: string | null): number =>
    [...cache.values()].reduce((sum, { file }) => sum + (file.name === except ? 0 : (file.bytes?.length ?? 0)), 0);
  const isCached = (name: string, size: number): boolean =>
    size <= limits.smallBytesMax || (size <= limits.bytesMax && cachedBytes(name) + size <= limits.totalBytesMax);

  const checks = new Map<string, Promise<ServedCrl | null>>();
  let changes = 0;

  const findCached = (name: string): ServedCrl | null => {
    const entry = cache.get(name);
    if (entry === undefined) return null;
    const age = clock() - entry.checkedAt;
    // A negative age means that the clock was set back, so the file is checked again.
    return age >= 0 && age < CHECK_EVERY_MS ? entry.file : null;
  };

  const check = async (name: string): Promise<ServedCrl | null> => {
    const path = join(folder, name);
    const before = cache.get(name);
    const changesBefore = changes;
    const found = await stat(path).catch(absent);
    if (before !== undefined && found !== null && fileIdentityOf(found) === before.file.identity) {
      before.checkedAt = checkedAt(changesBefore);
      return before.file;
    }
    const file = found === null ? null : await load({ path, name, before: before?.file ?? null, isCached });
    if (file === null) cache.delete(name);
    else store(file, checkedAt(changesBefore));
    return file;
  };
  /**
   * Returns the time of a check. If the publisher reported a change during the check, the check
   * does not count, and the next client checks the file again.
   */
  const checkedAt = (changesBefore: number): Instant =>
    changes === changesBefore ? clock() : Number.NEGATIVE_INFINITY;

  const store = (file: ServedCrl, at: Instant): void => {
    // The entry is deleted first, so that it moves to the end of the map: a map keeps the order of
    // insertion, and the oldest entry is evicted first.
    cache.delete(file.name);
    cache.set(file.name, { file, checkedAt: at });
    let total = cachedBytes(null);
    for (const [name, entry] of cache) {
      if (total <= limits.totalBytesMax) break;
      total -= entry.file.bytes?.length ?? 0;
      cache.delete(name);
    }
  };

  return {
    findCached,
    find: (name) => {
      const file = findCached(name);
      if (file !== null) return Promise.resolve(file);
      // Simultaneous requests for the same file share one check.
      const shared = checks.get(name);
      if (shared !== undefined) return shared;
      const checking = check(name).finally(() => {
        // After `changed`, the entry may be that of a later check.
        if (checks.get(name) === checking) checks.delete(name);
      });
      checks.set(name, checking);
      return checking;
    },
    changed: () => {
      changes += 1;
      // The entries are kept, because `load` compares the new files with them.
      for (const entry of cache.values()) entry.checkedAt = Number.NEGATIVE_INFINITY;
      checks.clear();
    },
  };
}

type FileStats = { readonly ino: number; readonly size: number; readonly mtimeMs: number };

/** Returns a text that changes when a file is replaced or written (`ServedCrl.identity`). */
export function fileIdentityOf({ ino, size, mtimeMs }: FileStats): string {
  return `${ino}-${size}-${mtimeMs}`;
}

type FileToLoad = {
  readonly path: string;
  readonly name: string;
  /** The version of the file at the last check; null: there was none. */
  readonly before: ServedCrl | null;
  readonly isCached: (name: string, sizeBytes: number) => boolean;
};

async function load({ path, name, before, isCached }: FileToLoad): Promise<ServedCrl | null> {
  const handle = await open(path).catch(absent);
  if (handle === null) return null;
  try {
    // The metadata are read from the open file, because another file may have got its name
    // meanwhile.
    const found = await handle.stat();
    if (!found.isFile()) return null;
    const { size } = found;
    const bytes = isCached(name, size) ? await readAt(handle, 0, size) : null;
    const beginning = bytes?.subarray(0, CRL_HEAD_BYTES) ?? (await readAt(handle, 0, CRL_HEAD_BYTES));
    const tailFrom = Math.max(0, size - TAIL_BYTES);
    const tail = bytes?.subarray(tailFrom) ?? (await readAt(handle, tailFrom, TAIL_BYTES));
    const head = readCrlHead(beginning);
    const etag = `"${createHash('sha256').update(`${size}-`).update(beginning).update(tail).digest('hex').slice(0, 32)}"`;
    const modified = head?.thisUpdate ?? Math.floor(found.mtimeMs / SECOND_MS) * SECOND_MS;
    // Whether the date identifies this CRL. Last-Modified has whole seconds, so it cannot tell two
    // CRLs of the same second apart (RFC 9110 8.8.2.2).
    const isDistinct =
      before === null || before.modified !== modified || (before.etag === etag && before.lastModified !== null);
    return {
      name,
      path,
      sizeBytes: size,
      etag,
      modified,
      lastModified: isDistinct ? modified : null,
      nextUpdate: head?.nextUpdate ?? null,
      bytes,
      identity: fileIdentityOf(found),
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
