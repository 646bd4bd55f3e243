/**
 * Lists that a ceremony signed and laid into the published folder: the roots', and the first one of an issuing CA. Each is read,
 * verified and entered into the database with its number, so that the next one is numbered after it and its age is watched. What a list
 * of this folder says that the database has forgotten is learnt before (`src/operations/restored/relearn.ts`).
 */
import { readCrl } from '../../crl/read.js';
import { assert } from '../../kernel/assert.js';
import { ok, type Result } from '../../kernel/result.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import type { Outlet } from '../../ports/outlet.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Issuer } from '../../x509/model.js';
import type { World } from '../world.js';
import type { CrlWorld } from './world.js';

export type ImportWorld = Pick<World, 'issuers' | 'store' | 'clock' | 'log'> &
  Pick<CrlWorld, 'relearn'> & { readonly outlet: Outlet };

/** What cannot be read is logged and left: the next publication replaces it, or a ceremony does. */
export async function importCrls(world: ImportWorld): Promise<Result<void, StoreFailure>> {
  for (const issuer of world.issuers.all()) {
    const imported = await importCrl(world, issuer);
    if (!imported.ok) return imported;
  }
  return ok(undefined);
}

async function importCrl(world: ImportWorld, issuer: Issuer): Promise<Result<void, StoreFailure>> {
  const { store, outlet, log, clock } = world;
  // Before a list of this database takes the place of one that says more.
  const relearned = await world.relearn(issuer);
  if (!relearned.ok) return relearned;
  const latest = await store.read((reads) => reads.latestCrl(issuer.id));
  if (!latest.ok) return latest;
  // An issuing CA's own lists come from here, after its first.
  if (latest.value !== null && issuer.kind === 'issuing') return ok(undefined);
  const chunks = await outlet.published(crlFileName(issuer.id));
  if (!chunks.ok || chunks.value === null) {
    log.warn('crl.not-there', { issuer: issuer.id });
    return ok(undefined);
  }
  const read = await readCrl(chunks.value, {
    issuer,
    lifeMsMax: Number.MAX_SAFE_INTEGER,
    shapes: 'any',
  });
  if (!read.ok) {
    log.error('crl.published-list-unreadable', { issuer: issuer.id, kind: read.error.kind, detail: read.error.detail });
    return ok(undefined);
  }
  if (read.value.scope !== 'full') {
    log.error('crl.published-list-unreadable', { issuer: issuer.id, kind: 'crl-malformed', detail: 'a delta list' });
    return ok(undefined);
  }
  const { number, thisUpdate, nextUpdate, tbsSha256, sha256, sizeBytes, entries } = read.value;
  if (latest.value !== null && latest.value.number >= number) return ok(undefined);
  const stored = await store.transaction(async (tx) => {
    // Another service on this database may start at the same moment, with the same list before it. Or a number as high was
    // given out to a publication whose process died: the next list has a higher one in any case.
    const highest = await tx.highestCrl(issuer.id);
    if (highest !== null && highest.number >= number) return;
    const reserved = await tx.reserveCrl({ issuer: issuer.id, thisUpdate, nextUpdate, numberMin: number });
    assert(
      reserved.number === number,
      'a list newer than any that the database knows has the next number or a higher one',
    );
    await tx.updateCrl({ ...reserved, state: 'published', tbsSha256, sha256, sizeBytes, entries });
    const details = { issuer: issuer.id, number, sha256, entries };
    await tx.appendAudit([{ at: clock(), type: 'crl.imported', actor: 'system', outcome: 'success', details }]);
  });
  return stored.ok ? ok(undefined) : stored;
}
