/**
 * Publication into a directory that a web server reads: written beside, flushed to disk, renamed over the old one, and the
 * rename itself flushed, so that a reader, a crash or a power cut sees the old file or the new one, and nothing between.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Draft, Outlet, OutletFailure } from '../ports/outlet.js';

export const DRAFT_SUFFIX = '.draft';
const READ_CHUNK_BYTES = 64 * 1024;

export type FileOutlet = Outlet & {
  /** Removes drafts that a crash left behind. At start, before anything is drafted, by the one process that owns the directory. */
  readonly sweep: () => Promise<void>;
};

/** The directory is made when it is not there. Names are single path segments. */
export function createFileOutlet({ directory }: { readonly directory: string }): FileOutlet {
  const draft = async (name: string, chunks: AsyncIterable<Bytes>): Promise<Result<Draft, OutletFailure>> => {
    assertName(name);
    const written = await attempt(async () => {
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
    const opened = await attempt(async () => {
      try {
        return await open(join(directory, name), 'r');
      } catch (error) {
        if (isCode(error, 'ENOENT')) return null;
        throw error;
      }
    });
    if (!opened.ok) return opened;
    return ok(opened.value === null ? null : opened.value.createReadStream({ highWaterMark: READ_CHUNK_BYTES }));
  };

  return { draft, published, sweep };
}

function assertName(name: string): void {
  assert(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !name.endsWith(DRAFT_SUFFIX), 'a plain file name');
}

/** Drafts of one process that may be there at once, and what crashes have left. */
const DRAFTS_MAX = 1_000;

/** A file that was not there, hidden from whoever lists `*.crl`. Another process, also one of the same id, gets another. */
async function openNew(stem: string): Promise<{ readonly path: string; readonly file: FileHandle }> {
  for (let attempt = 1; ; attempt += 1) {
    const path = `${stem}.${process.pid}-${attempt}${DRAFT_SUFFIX}`;
    try {
      return { path, file: await open(path, 'wx', 0o644) };
    } catch (error) {
      if (attempt === DRAFTS_MAX || !isCode(error, 'EEXIST')) throw error;
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Expected failures of a file system: full, read-only, missing rights, gone. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Result<Value, OutletFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return err({ kind: 'outlet-unavailable', detail: error.message });
    throw error;
  }
}

/** Writes in the order of arrival, each before the next is asked for; closes the file whatever happens. */
async function spool(file: FileHandle, chunks: AsyncIterable<Bytes>): Promise<Result<number, OutletFailure>> {
  try {
    let sizeBytes = 0;
    for await (const chunk of chunks) {
      const wrote = await attempt(() => file.appendFile(chunk));
      if (!wrote.ok) return wrote;
      sizeBytes += chunk.length;
    }
    const flushed = await attempt(() => file.sync());
    return flushed.ok ? ok(sizeBytes) : flushed;
  } finally {
    await file.close();
  }
}

type Place = {
  readonly path: string;
  readonly target: string;
  readonly directory: string;
  readonly sizeBytes: number;
};

function draftOf({ path, target, directory, sizeBytes }: Place): Draft {
  let published = false;
  return {
    sizeBytes,
    read: () => createReadStream(published ? target : path, { highWaterMark: READ_CHUNK_BYTES }),
    publish: async () => {
      if (published) return ok(undefined);
      return attempt(async () => {
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
