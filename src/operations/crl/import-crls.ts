/**
 * Imports CRLs that a ceremony has signed and stored in the published folder: those of the roots,
 * and the first one of an issuing CA. Each is read, verified and stored in the database with its
 * number, so that the next number follows it and its age is monitored. Revocations that the
 * database has forgotten are relearned first (`src/operations/restored/relearn.ts`).
 *
 * The issuing CAs on the CRL of a root are stored as revoked. Every node asks the database before
 * it issues, so it does not matter in whose folder the CRL is.
 */
import { type CrlReadFailure, readCrl, type VerifiedCrl } from '../../crl/read.js';
import { assert, present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import type { Outlet, OutletFailure } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { type CrlReason, reasonOf } from '../../x509/extensions/reason-code.js';
import type { Issuer } from '../../x509/model.js';
import type { World } from '../world.js';
import type { CrlWorld } from './world.js';

export type RootListsWorld = Pick<World, 'issuers' | 'store' | 'clock' | 'log'> & { readonly outlet: Outlet };

type ImportWorld = RootListsWorld & Pick<CrlWorld, 'relearn'>;

/** Why there is nothing to import. */
type CrlFault =
  | { readonly kind: 'not-there'; readonly issuer: IssuerId }
  | {
      readonly kind: CrlReadFailure['kind'] | OutletFailure['kind'];
      readonly issuer: IssuerId;
      readonly detail: string;
    };

export function reportCrlFault(log: World['log'], fault: CrlFault): void {
  if (fault.kind === 'not-there') log.warn('crl.not-there', { issuer: fault.issuer });
  else log.error('crl.published-list-unreadable', fault);
}

/**
 * Imports the first CRL of each issuing CA. A CRL that cannot be read is logged and left in place,
 * until a publication or a ceremony replaces it.
 */
export async function importCrls(world: ImportWorld): Promise<Result<void, StoreFailure>> {
  for (const issuer of world.issuers.all().filter(({ kind }) => kind === 'issuing')) {
    const imported = await importFirstCrl(world, issuer);
    if (!imported.ok) return imported;
  }
  return ok(undefined);
}

async function importFirstCrl(world: ImportWorld, issuer: Issuer): Promise<Result<void, StoreFailure>> {
  const { store, log, clock } = world;
  // Revocations are relearned before a CRL of this database replaces one that has more entries.
  const relearned = await world.relearn(issuer);
  if (!relearned.ok) return relearned;
  const latest = await store.read((reads) => reads.latestCrl(issuer.id));
  if (!latest.ok) return latest;
  // The service imports only the first CRL of an issuing CA, and makes the later ones itself.
  if (latest.value !== null) return ok(undefined);
  const read = await readPublished(world, issuer, []);
  if (!read.ok) return ok(reportCrlFault(log, read.error));
  return store.transaction((tx) => importInto(tx, { issuer, crl: read.value, at: clock() }));
}

/**
 * Imports new CRLs of the roots, and the revocations of issuing CAs that the database does not
 * know, also from a CRL that is older than the last one or that a restored database has forgotten.
 * Returns the CRLs that cannot be read, which are left in place.
 */
export async function importRootLists(world: RootListsWorld): Promise<Result<readonly CrlFault[], StoreFailure>> {
  const faults: CrlFault[] = [];
  for (const root of world.issuers.all().filter(({ kind }) => kind === 'root')) {
    const issued = issuedBy(world, root);
    const read = await readPublished(world, root, [...issued.keys()]);
    if (!read.ok) {
      faults.push(read.error);
      continue;
    }
    const imported = await importRootList(world, { root, crl: read.value, revoked: revokedOn(read.value, issued) });
    if (!imported.ok) return imported;
  }
  return ok(faults);
}

type RootList = {
  readonly root: Issuer;
  readonly crl: VerifiedCrl;
  readonly revoked: readonly { readonly issuer: IssuerId; readonly reason: CrlReason }[];
};

async function importRootList(
  { store, clock, log }: RootListsWorld,
  { root, crl, revoked }: RootList,
): Promise<Result<void, StoreFailure>> {
  // The CRL is read often and rarely has something new: only then the write lock is needed.
  const known = await store.read(async (reads) => {
    const latest = await reads.latestCrl(root.id);
    return { number: latest?.number ?? 0, revoked: await reads.revokedIssuers() };
  });
  if (!known.ok) return known;
  if (known.value.number >= crl.number && revoked.every(({ issuer }) => known.value.revoked.has(issuer)))
    return ok(undefined);
  const stored = await store.transaction(async (tx) => {
    const at = clock();
    await importInto(tx, { issuer: root, crl, at });
    // Another service may have read the same CRL at the same moment.
    const before = await tx.revokedIssuers();
    const added = revoked.filter(({ issuer }) => !before.has(issuer));
    if (added.length === 0) return added;
    await tx.insertRevokedIssuers(added.map((one) => ({ ...one, listNumber: crl.number, at })));
    const details = added.map((one) => ({ ...one, root: root.id, list: crl.number }));
    await tx.appendAudit(details.map((one) => ({ at, type: 'issuer.revoked', actor: 'system', details: one })));
    return added;
  });
  if (!stored.ok) return stored;
  for (const one of stored.value) log.error('issuer.revoked', { ...one, root: root.id, list: crl.number });
  return ok(undefined);
}

/** The issuing CAs below a root, by serial number of their certificates. */
function issuedBy({ issuers }: Pick<World, 'issuers'>, root: Issuer): ReadonlyMap<string, IssuerId> {
  const below = issuers.all().filter(({ kind, hierarchy }) => kind === 'issuing' && hierarchy === root.hierarchy);
  return new Map(
    below.map(({ id, certificate }) => {
      const read = readCertificate(certificate);
      assert(read.ok, 'the certificate of an issuer was read at the start');
      return [read.value.tbs.serial, id];
    }),
  );
}

function revokedOn(crl: VerifiedCrl, issued: ReadonlyMap<string, IssuerId>): RootList['revoked'] {
  return [...crl.found].map(([serial, reason]) => ({
    issuer: present(issued.get(serial), 'an issuing CA with a watched serial number'),
    reason: reasonOf(reason) ?? 'unspecified',
  }));
}

/** Reads and verifies a full CRL in the published folder. `watched`: serial numbers to look for. */
async function readPublished(
  { outlet }: RootListsWorld,
  issuer: Issuer,
  watched: readonly string[],
): Promise<Result<VerifiedCrl, CrlFault>> {
  const { id } = issuer;
  try {
    const chunks = await outlet.published(crlFileName(id));
    if (!chunks.ok) return err({ issuer: id, ...chunks.error });
    if (chunks.value === null) return err({ issuer: id, kind: 'not-there' });
    const read = await readCrl(chunks.value, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any', watched });
    if (!read.ok) return err({ issuer: id, kind: read.error.kind, detail: read.error.detail });
    if (read.value.scope !== 'full') return err({ issuer: id, kind: 'crl-malformed', detail: 'a delta list' });
    return read;
  } catch (error) {
    // An error of the file system: the CRL cannot be read to its end.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return err({ issuer: id, kind: 'outlet-unavailable', detail: error.message });
  }
}

type ListImport = { readonly issuer: Issuer; readonly crl: VerifiedCrl; readonly at: Instant };

/** Stores the CRL, unless the database has its number or a higher one. */
async function importInto(tx: Transaction, { issuer, crl, at }: ListImport): Promise<void> {
  const { number, thisUpdate, nextUpdate, tbsSha256, sha256, sizeBytes, entries } = crl;
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
  await tx.appendAudit([{ at, type: 'crl.imported', actor: 'system', details }]);
}
