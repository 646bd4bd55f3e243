/**
 * Publishes into a directory that a web server reads. A file is written under a temporary name,
 * flushed to disk and renamed over the old one, and the rename is flushed too. So a reader, a crash
 * or a power failure sees either the old file or the new one, and nothing in between.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { absent, hasCode } from '../kernel/errors.js';
import { ok, type Result } from '../kernel/result.js';
import type { Draft, Outlet, OutletFailure } from '../ports/outlet.js';
import { tryFileSystem } from './file-system.js';

export const DRAFT_SUFFIX = '.draft';
const READ_CHUNK_BYTES = 64 * 1024;

export type FileOutlet = Outlet & {
  /**
   * Removes drafts that a crash has left. The process that owns the directory calls it at start,
   * before it writes a draft.
   */
  readonly sweep: () => Promise<void>;
};

/** The directory is created if it is missing. Names are single path segments. */
export function createFileOutlet({ directory }: { readonly directory: string }): FileOutlet {
  const draft = async (name: string, chunks: AsyncIterable<Bytes>): Promise<Result<Draft, OutletFailure>> => {
    assertName(name);
    const written = await tryFileSystem(async () => {
      await mkdir(directory, { recursive: true });
      return openNew(join(directory, `.${name}`));
    });
    if (!written.ok) return written;
    const { path, file } = written.value;
    try {
      const size = await spool(file, chunks);
      if (size.ok) return ok(draftOf({ path, target: join(directory, name), directory, sizeBytes: size.value }));
      await rm(path, { force: true });
      return size;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };

  const sweep = async (): Promise<void> => {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      if (name.startsWith('.') && name.endsWith(DRAFT_SUFFIX)) await rm(join(directory, name), { force: true });
    }
  };

  const published = async (name: string): Promise<Result<AsyncIterable<Bytes> | null, OutletFailure>> => {
    assertName(name);
    const opened = await tryFileSystem(() => open(join(directory, name), 'r').catch(absent));
    if (!opened.ok) return opened;
    return ok(opened.value === null ? null : opened.value.createReadStream({ highWaterMark: READ_CHUNK_BYTES }));
  };

  return { draft, published, sweep };
}

function assertName(name: string): void {
  assert(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !name.endsWith(DRAFT_SUFFIX), 'the name is a plain file name');
}

/** Limit of the drafts of one file and process, including those that crashes have left. */
const DRAFTS_MAX = 1_000;

/**
 * Creates a new hidden file. Another process gets another name, even one with the same process id.
 */
async function openNew(stem: string): Promise<{ readonly path: string; readonly file: FileHandle }> {
  for (let number = 1; ; number += 1) {
    const path = `${stem}.${process.pid}-${number}${DRAFT_SUFFIX}`;
    try {
      return { path, file: await open(path, 'wx', 0o644) };
    } catch (error) {
      if (number === DRAFTS_MAX || !hasCode(error, 'EEXIST')) throw error;
    }
  }
}

/** Writes each chunk before it requests the next one, and always closes the file. */
async function spool(file: FileHandle, chunks: AsyncIterable<Bytes>): Promise<Result<number, OutletFailure>> {
  try {
    let sizeBytes = 0;
    for await (const chunk of chunks) {
      const wrote = await tryFileSystem(() => file.appendFile(chunk));
      if (!wrote.ok) return wrote;
      sizeBytes += chunk.length;
    }
    const flushed = await tryFileSystem(() => file.sync());
    return flushed.ok ? ok(sizeBytes) : flushed;
  } finally {
    await file.close();
  }
}

type DraftFile = {
  readonly path: string;
  readonly target: string;
  readonly directory: string;
  readonly sizeBytes: number;
};

function draftOf({ path, target, directory, sizeBytes }: DraftFile): Draft {
  let published = false;
  return {
    sizeBytes,
    read: () => createReadStream(published ? target : path, { highWaterMark: READ_CHUNK_BYTES }),
    publish: async () => {
      if (published) return ok(undefined);
      return tryFileSystem(async () => {
        await rename(path, target);
        published = true;
        await syncDirectory(directory);
      });
    },
    discard: async () => {
      if (!published) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
