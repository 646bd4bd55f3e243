/**
 * Lists that are really signed, published into a folder, by an authority made by OpenSSL: for
 * tests of what comes after.
 */
import { randomBytes } from 'node:crypto';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import { ok } from '../../../src/kernel/result.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { CrlWorld } from '../../../src/operations/crl/world.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import { createFileOutlet } from '../../../src/publish/file-outlet.js';
import { RUN } from '../db/records.js';
import { SILENT_LOG, type StatusAuthority, serialOf } from '../status/authority.js';
import { createStatusStore, type StatusStore } from '../status/store.js';
import { crlTestPolicy } from './policy.js';

export type CrlPublisher = {
  readonly store: StatusStore;
  readonly world: CrlWorld;
  /** The next list, of so many entries. */
  readonly publish: (entries?: number) => Promise<CrlRecord>;
};

export function createCrlPublisher(
  authority: StatusAuthority,
  directory: string,
  clock: () => number = Date.now,
): CrlPublisher {
  const store = createStatusStore();
  const world: CrlWorld = {
    run: RUN,
    policy: crlTestPolicy({ periodMs: HOUR_MS, overlapMs: HOUR_MS, afterRevocationMs: 1_000 }),
    issuers: {
      byId: (id) => (id === authority.issuer.id ? authority.issuer : null),
      current: () => null,
      all: () => [authority.issuer],
      chain: () => [],
      links: () => [],
    },
    clock,
    random: (length) => new Uint8Array(randomBytes(length)),
    log: SILENT_LOG,
    store,
    signer: authority.signer,
    outlet: createFileOutlet({ directory }),
    relearn: async () => ok(undefined),
  };
  return {
    store,
    world,
    publish: async (entries = 0) => {
      store.entries = Array.from({ length: entries }, (_, at) => ({
        serial: serialOf(at),
        at: clock(),
        reason: 'keyCompromise',
        invalidityDate: null,
      }));
      const published = await publishCrl(world, authority.issuer.id);
      if (!published.ok) throw new Error(JSON.stringify(published.error));
      return published.value;
    },
  };
}
