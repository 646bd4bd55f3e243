/**
 * The service's own folder as an outlet, for lists that another service on this database has made: they are fetched, and take
 * their names in a transaction that says that nothing newer was published, as the service's own lists do.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256HexOfStream } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletFailure, OutletSession, Publishable, RemoteOutlet, Standing } from '../ports/outlet.js';
import { createFileOutlet } from './file-outlet.js';

type HomeOutletOptions = {
  readonly directory: string;
  /** Runs `rename` while nothing newer can be published, unless something newer was: then false. */
  readonly whileLatest: (
    item: Publishable,
    rename: () => Promise<Result<void, OutletFailure>>,
  ) => Promise<Result<boolean, OutletFailure>>;
  /** A list has another content now. */
  readonly changed: () => void;
};

export function createHomeOutlet({ directory, whileLatest, changed }: HomeOutletOptions): RemoteOutlet {
  const digests = new Map<string, { readonly identity: string; readonly sha256: string }>();
  const outlet = createFileOutlet({ directory });

  const standing = async ({ fileName }: Publishable): Promise<Standing | null> => {
    const file = join(directory, fileName);
    const found = await stat(file).catch(() => null);
    if (found === null) return null;
    const identity = `${found.ino}-${found.size}-${found.mtimeMs}`;
    const known = digests.get(fileName);
    const sha256 = known?.identity === identity ? known.sha256 : await sha256HexOfStream(createReadStream(file));
    digests.set(fileName, { identity, sha256 });
    return { sha256, read: () => createReadStream(file) };
  };

  const put: OutletSession['put'] = async (item, chunks) => {
    const draft = await outlet.draft(item.fileName, chunks);
    if (!draft.ok) return draft;
    try {
      const renamed = await whileLatest(item, () => draft.value.publish());
      if (!renamed.ok) return renamed;
      if (!renamed.value) return err({ kind: 'outlet-changed' });
      changed();
      return ok(undefined);
    } finally {
      await draft.value.discard();
    }
  };

  const session: OutletSession = {
    standing: async (item) => {
      try {
        return ok(await standing(item));
      } catch (error) {
        if (error instanceof Error && 'syscall' in error)
          return err({ kind: 'outlet-unavailable', detail: error.message });
        throw error;
      }
    },
    put,
    close: async () => undefined,
  };
  return { name: 'home', takes: ({ scope }) => scope !== null, open: async () => ok(session) };
}
