/**
 * The service's own folder as an outlet, for CRLs that another service on this database has made.
 * They are downloaded, and renamed in a transaction that guarantees that no newer CRL was
 * published, like the CRLs of the service itself.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256HexOfStream } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletContent, OutletFailure, OutletSession, PublishedFile, RemoteOutlet } from '../ports/outlet.js';
import { createFileOutlet } from './file-outlet.js';
import { identityOf, tryFileSystem } from './file-system.js';

type HomeOutletOptions = {
  readonly directory: string;
  /**
   * Runs `rename` while nothing newer can be published. Returns false if something newer was
   * published before.
   */
  readonly whileLatest: (
    item: PublishedFile,
    rename: () => Promise<Result<void, OutletFailure>>,
  ) => Promise<Result<boolean, OutletFailure>>;
  /** Called after a CRL was replaced. */
  readonly changed: () => void;
};

export function createHomeOutlet({ directory, whileLatest, changed }: HomeOutletOptions): RemoteOutlet {
  const digests = new Map<string, { readonly identity: string; readonly sha256: string }>();
  const outlet = createFileOutlet({ directory });

  const current = async ({ fileName }: PublishedFile): Promise<OutletContent | null> => {
    const file = join(directory, fileName);
    const found = await stat(file).catch(() => null);
    if (found === null) return null;
    const identity = identityOf(found);
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
    current: (item) => tryFileSystem(() => current(item)),
    put,
    close: async () => undefined,
  };
  return { name: 'home', takes: ({ scope }) => scope !== null, open: async () => ok(session) };
}
