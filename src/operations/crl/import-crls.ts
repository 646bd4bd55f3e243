/**
 * Imports CRLs that a ceremony has signed and stored in the published folder: those of the roots,
 * and the first one of an issuing CA. Each is read, verified and stored in the database with its
 * number, so that the next number follows it and its age is monitored. Revocations that the
 * database has forgotten are relearned first (`src/operations/restored/relearn.ts`).
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

type ImportWorld = Pick<World, 'issuers' | 'store' | 'clock' | 'log'> &
  Pick<CrlWorld, 'relearn'> & { readonly outlet: Outlet };

/**
 * A CRL that cannot be read is logged and left in place, until a publication or a ceremony replaces
 * it.
 */
export async function importCrls(world: ImportWorld): Promise<Result<void, StoreFailure>> {
  for (const issuer of world.issuers.all()) {
    const imported = await importCrl(world, issuer);
    if (!imported.ok) return imported;
  }
  return ok(undefined);
}

async function importCrl(world: ImportWorld, issuer: Issuer): Promise<Result<void, StoreFailure>> {
  const { store, outlet, log, clock } = world;
  // Revocations are relearned before a CRL of this database replaces one that has more entries.
  const relearned = await world.relearn(issuer);
  if (!relearned.ok) return relearned;
  const latest = await store.read((reads) => reads.latestCrl(issuer.id));
  if (!latest.ok) return latest;
  // The service imports only the first CRL of an issuing CA, and makes the later ones itself.
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
    // Another service may import the same CRL at the same moment. Or its number was reserved by a
    // publication whose process died; the next CRL has a higher number in any case.
    const highest = await tx.highestCrl(issuer.id);
    if (highest !== null && highest.number >= number) return;
    const reserved = await tx.reserveCrl({ issuer: issuer.id, thisUpdate, nextUpdate, numberMin: number });
    assert(
      reserved.number === number,
      'a list newer than any that the database knows has the next number or a higher one',
    );
    await tx.updateCrl({ ...reserved, state: 'published', tbsSha256, sha256, sizeBytes, entries });
    const details = { issuer: issuer.id, number, sha256, entries };
    await tx.appendAudit([{ at: clock(), type: 'crl.imported', actor: 'system', details }]);
  });
  return stored.ok ? ok(undefined) : stored;
}
