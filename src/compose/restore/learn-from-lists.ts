/**
 * Learns from published CRLs what a restored database does not know: revocations and suspensions,
 * revoked CAs, and the numbers of the CRLs (ops/decisions/0026).
 */
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HomePaths } from '../../config/paths.js';
import { replaceByCopy } from '../../config/replace-file.js';
import { readCrl, type VerifiedCrl } from '../../crl/read.js';
import { ok, type Result } from '../../kernel/result.js';
import { importRootLists } from '../../operations/crl/import-crls.js';
import { findForgotten } from '../../operations/restored/find-forgotten.js';
import { relearnRevocations } from '../../operations/restored/relearn.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import { kindOf, partitionOf } from '../../policy/publication/crl-scopes.js';
import type { Outlet } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { createFileOutlet } from '../../publish/file-outlet.js';
import type { Issuer } from '../../x509/model.js';
import { type ListSource, possibleLists } from './list-sources.js';
import { certificateKey, learnNumber, type RestoreWorld } from './recover-signatures.js';

/** A list that its issuer has signed. */
export type VerifiedList = {
  readonly issuer: IssuerId;
  readonly scope: CrlScope;
  readonly source: ListSource;
  readonly crl: VerifiedCrl;
};

export type ReadSource = ListSource & {
  readonly verified: readonly VerifiedList[];
  /** The names of files that are not lists that their issuer has signed. */
  readonly refused: readonly string[];
};

/** Verifies each list of each source. */
export async function readSources(
  world: Pick<RestoreWorld, 'policy' | 'issuers'>,
  sources: readonly ListSource[],
): Promise<readonly ReadSource[]> {
  const read: ReadSource[] = [];
  for (const source of sources) {
    const verified: VerifiedList[] = [];
    const refused: string[] = [];
    for (const { issuer: id, scope, fileName } of possibleLists(world, world.issuers)) {
      const issuer = world.issuers.byId(id);
      const file = join(source.folder, fileName);
      if (issuer === null || !existsSync(file)) continue;
      const crl = await verify(file, issuer);
      if (crl !== null && crl.scope === kindOf(scope)) verified.push({ issuer: id, scope, source, crl });
      else refused.push(fileName);
    }
    read.push({ ...source, verified, refused });
  }
  return read;
}

async function verify(file: string, issuer: Issuer): Promise<VerifiedCrl | null> {
  try {
    const read = await readCrl(createReadStream(file), {
      issuer,
      lifeMsMax: Number.MAX_SAFE_INTEGER,
      shapes: 'any',
    });
    return read.ok ? read.value : null;
  } catch (error) {
    // If the file system fails, the list counts as one that cannot be read.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return null;
  }
}

/**
 * Returns the partition of each certificate that the CRL of a partition lists and the database does
 * not know, by `certificateKey`. Only the first ones of a very long list are found
 * (`findForgotten`).
 */
export async function readPartitions(
  world: Pick<RestoreWorld, 'store' | 'issuers' | 'log'>,
  sources: readonly ReadSource[],
): Promise<Result<ReadonlyMap<string, number>, StoreFailure>> {
  const partitions = new Map<string, number>();
  for (const { folder, verified } of sources) {
    const outlet = createFileOutlet({ directory: folder });
    for (const { issuer: id, scope } of verified) {
      const partition = partitionOf(scope);
      const issuer = world.issuers.byId(id);
      if (partition === null || issuer === null) continue;
      const { store, log } = world;
      const found = await findForgotten({ store, log, outlet }, { issuer, scope, known: null, newest: 0 });
      if (!found.ok) return found;
      const serials = [...(found.value?.entries ?? []).map(({ serial }) => serial), ...(found.value?.removed ?? [])];
      for (const serial of serials) partitions.set(certificateKey(id, serial), partition);
    }
  }
  return ok(partitions);
}

export type LearntSource = ReadSource & {
  /** Number of certificates whose status was learnt from this source. */
  readonly learnt: number;
};

/**
 * Learns from all lists the status of certificates, the revoked CAs, and the numbers of the lists.
 * Recovered certificates must be in the database before, so that their suspensions are learnt too
 * and can be released. Suspensions are learnt from the newest list of each scope alone: an older
 * list, for example of an outlet that lags behind, may show a certificate as suspended that was
 * released since. Revocations are final, so that they are learnt from every list. What the newest
 * lists of an issuer say is counted for the source of the list with the highest number.
 */
export async function learnFromLists(
  world: RestoreWorld,
  sources: readonly ReadSource[],
): Promise<Result<readonly LearntSource[], StoreFailure>> {
  const changed = new Map(sources.map(({ folder }) => [folder, new Set<string>()]));
  const worldOf = (folder: string, outlet: Pick<Outlet, 'published'>) => ({
    ...world,
    outlet,
    statusChanged: ((changes) => {
      for (const { issuer, serial } of changes) changed.get(folder)?.add(certificateKey(issuer, serial));
    }) satisfies RestoreWorld['statusChanged'],
  });
  const newest = newestLists(sources);
  for (const issuer of world.issuers.all()) {
    const [highest] = byNumber(newest.filter((list) => list.issuer === issuer.id));
    if (highest === undefined) continue;
    const relearned = await relearnRevocations(worldOf(highest.source.folder, outletOf(newest)), issuer);
    if (!relearned.ok) return relearned;
  }
  for (const { folder, verified } of sources.filter((source) => source.verified.length > 0)) {
    const outlet = createFileOutlet({ directory: folder });
    for (const issuer of world.issuers.all().filter(({ id }) => verified.some((list) => list.issuer === id))) {
      const relearned = await relearnRevocations(worldOf(folder, outlet), issuer, { takesSuspensions: false });
      if (!relearned.ok) return relearned;
    }
    const roots = await importRootLists({ ...world, outlet });
    if (!roots.ok) return roots;
  }
  const numbers = await learnNumbers(world, sources);
  if (!numbers.ok) return numbers;
  return ok(sources.map((source) => ({ ...source, learnt: changed.get(source.folder)?.size ?? 0 })));
}

/**
 * Returns the list with the highest number of each issuer and scope. If several sources have it,
 * the list of the first one is taken.
 */
function newestLists(sources: readonly ReadSource[]): readonly VerifiedList[] {
  const newest = new Map<string, VerifiedList>();
  for (const list of sources.flatMap(({ verified }) => verified)) {
    const name = crlFileName(list.issuer, list.scope);
    if (list.crl.number > (newest.get(name)?.crl.number ?? -1)) newest.set(name, list);
  }
  return [...newest.values()];
}

function byNumber(lists: readonly VerifiedList[]): readonly VerifiedList[] {
  return lists.toSorted((one, other) => other.crl.number - one.crl.number);
}

/** Returns an outlet that reads each list in the folder of its source. */
function outletOf(lists: readonly VerifiedList[]): Pick<Outlet, 'published'> {
  const folders = new Map(lists.map(({ issuer, scope, source }) => [crlFileName(issuer, scope), source.folder]));
  return {
    published: async (name) => {
      const directory = folders.get(name);
      return directory === undefined ? ok(null) : createFileOutlet({ directory }).published(name);
    },
  };
}

/**
 * Records the numbers of the lists of issuing CAs. This must be the last step, because a list whose
 * number is known is not read for revocations again.
 */
async function learnNumbers(world: RestoreWorld, sources: readonly ReadSource[]): Promise<Result<void, StoreFailure>> {
  const lists = sources.flatMap(({ verified }) => verified).filter(({ issuer }) => !isRoot(world, issuer));
  return world.store.transaction(async (tx) => {
    for (const { issuer, scope, crl } of lists) {
      const known = await tx.crlByNumber(issuer, crl.number, scope);
      if (known !== null) continue;
      const { number, thisUpdate, tbsSha256 } = crl;
      await learnNumber(tx, world, { issuer, scope, number, thisUpdate, tbsSha256 });
    }
  });
}

type KnownIssuers = { readonly issuers: Pick<RestoreWorld['issuers'], 'byId'> };

function isRoot({ issuers }: KnownIssuers, issuer: IssuerId): boolean {
  return issuers.byId(issuer)?.kind === 'root';
}

/** Returns the names of the lists whose newest version is not in the folder `crl`. */
export function listsMissingIn(crl: string, sources: readonly ReadSource[]): readonly string[] {
  return newestElsewhere(crl, sources).map(({ name }) => name);
}

function newestElsewhere(crl: string, sources: readonly ReadSource[]) {
  return newestLists(sources)
    .filter(({ source }) => source.folder !== crl)
    .map(({ issuer, scope, source }) => ({ name: crlFileName(issuer, scope), folder: source.folder }));
}

/**
 * Puts the newest list of each issuer and scope into the home folder. Ceremonies sign the lists of
 * roots: the newest one is served until the next ceremony. The lists of other CAs are served until
 * the service makes the next one, and the service learns from them when it starts: an older list
 * would suspend certificates that were released since. Called when the files of the backup are in
 * their places.
 */
export function placeNewestLists(
  sources: readonly ReadSource[],
  { crl, restore }: Pick<HomePaths, 'crl' | 'restore'>,
): void {
  for (const { name, folder } of newestElsewhere(crl, sources)) {
    const file = join(folder, name);
    // A list of the backup was moved to its place before, unless the home folder had one already.
    if (!existsSync(file)) continue;
    mkdirSync(crl, { recursive: true });
    replaceByCopy(join(crl, name), file, { part: join(restore, 'list.new'), mode: 0o644 });
  }
}
