/**
 * A directory that another server serves, with `CRL/<stem>.crl` and `AC/<stem>.cer` as at the
 * publication point. Each file is written under a temporary name, flushed and renamed. A rename
 * overwrites without a check, so the published file is checked again just before it; in addition a
 * lease allows only one publisher of a database at a time (`src/jobs/lists/outlets.ts`).
 */
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256HexOfStream } from '../kernel/digest.js';
import { HOUR_MS } from '../kernel/duration.js';
import { absent } from '../kernel/errors.js';
import { err } from '../kernel/result.js';
import type { OutletSession, PublishedFile, RemoteOutlet } from '../ports/outlet.js';
import type { Clock } from '../ports/world.js';
import { createFileOutlet, DRAFT_SUFFIX } from './file-outlet.js';
import { identityOf, tryFileSystem } from './file-system.js';

type DirectoryOutletOptions = { readonly name: string; readonly path: string; readonly clock: Clock };

const READ_CHUNK_BYTES = 256 * 1024;
/** No draft takes as long to write, so an older one was left behind by a crash. */
const DRAFT_AGE_MS_MAX = HOUR_MS;

export function createDirectoryOutlet({ name, path, clock }: DirectoryOutletOptions): RemoteOutlet {
  const lists = join(path, 'CRL');
  const certificates = join(path, 'AC');
  const folderOf = ({ scope }: PublishedFile): string => (scope === null ? certificates : lists);

  const versionOf = async (item: PublishedFile): Promise<string | null> => {
    const found = await stat(join(folderOf(item), item.fileName)).catch(absent);
    return found === null ? null : identityOf(found);
  };

  const createSession = (): OutletSession => {
    const found = new Map<string, string | null>();
    return {
      current: (item) =>
        tryFileSystem(async () => {
          const version = await versionOf(item);
          found.set(item.fileName, version);
          if (version === null) return null;
          const file = join(folderOf(item), item.fileName);
          const sha256 = await sha256HexOfStream(createReadStream(file, { highWaterMark: READ_CHUNK_BYTES }));
          return { sha256, read: () => createReadStream(file) };
        }),
      put: async (item, chunks) => {
        const outlet = createFileOutlet({ directory: folderOf(item) });
        const draft = await outlet.draft(item.fileName, chunks);
        if (!draft.ok) return draft;
        try {
          const now = await tryFileSystem(() => versionOf(item));
          if (!now.ok) return now;
          if (now.value !== (found.get(item.fileName) ?? null)) return err({ kind: 'outlet-changed' });
          return await draft.value.publish();
        } finally {
          await draft.value.discard();
        }
      },
      close: async () => undefined,
    };
  };

  return {
    name,
    takes: () => true,
    open: () =>
      tryFileSystem(async () => {
        // A missing folder means that the file system is not mounted: nothing must be written in
        // its place.
        await readdir(path);
        for (const folder of [lists, certificates]) await sweep(folder, clock() - DRAFT_AGE_MS_MAX);
        return createSession();
      }),
  };
}

/**
 * Removes drafts that a crashed publisher has left, but not those that another one is writing now.
 */
async function sweep(folder: string, before: number): Promise<void> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  for (const name of names) {
    if (!name.startsWith('.') || !name.endsWith(DRAFT_SUFFIX)) continue;
    const found = await stat(join(folder, name)).catch(absent);
    if (found !== null && found.mtimeMs < before) await rm(join(folder, name), { force: true });
  }
}
