/**
 * A directory that somebody else's server gives out: `CRL/<stem>.crl` and `AC/<stem>.cer` in it, as at the publication point. Each file is
 * written beside, flushed and renamed. A rename asks nobody, so before it the standing file is looked at once more; publishers
 * of one database take turns beyond that (`src/jobs/lists/outlets.ts`).
 */
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256HexOfStream } from '../kernel/digest.js';
import { HOUR_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletFailure, OutletSession, Publishable, RemoteOutlet } from '../ports/outlet.js';
import type { Clock } from '../ports/world.js';
import { createFileOutlet, DRAFT_SUFFIX } from './file-outlet.js';

type DirectoryOutletOptions = { readonly name: string; readonly path: string; readonly clock: Clock };

const READ_CHUNK_BYTES = 256 * 1024;
/** No list takes as long: whoever wrote it is dead. */
const DRAFT_DEAD_MS = HOUR_MS;

export function createDirectoryOutlet({ name, path, clock }: DirectoryOutletOptions): RemoteOutlet {
  const lists = join(path, 'CRL');
  const certificates = join(path, 'AC');
  const folderOf = ({ scope }: Publishable): string => (scope === null ? certificates : lists);

  const versionOf = async (item: Publishable): Promise<string | null> => {
    const found = await stat(join(folderOf(item), item.fileName)).catch(absent);
    return found === null ? null : `${found.ino}-${found.size}-${found.mtimeMs}`;
  };

  const visit = (): OutletSession => {
    const found = new Map<string, string | null>();
    return {
      standing: (item) =>
        reaching(async () => {
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
          const now = await reaching(() => versionOf(item));
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
      reaching(async () => {
        // A folder that is not there is one that is not mounted: nothing is written where it would be.
        await readdir(path);
        for (const folder of [lists, certificates]) await sweep(folder, clock() - DRAFT_DEAD_MS);
        return visit();
      }),
  };
}

/** What a publisher left that died half-way, not what another one is writing now. */
async function sweep(folder: string, before: number): Promise<void> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  for (const name of names) {
    if (!name.startsWith('.') || !name.endsWith(DRAFT_SUFFIX)) continue;
    const found = await stat(join(folder, name)).catch(absent);
    if (found !== null && found.mtimeMs < before) await rm(join(folder, name), { force: true });
  }
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

async function reaching<Value>(work: () => Promise<Value>): Promise<Result<Value, OutletFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return err({ kind: 'outlet-unavailable', detail: error.message });
    throw error;
  }
}
