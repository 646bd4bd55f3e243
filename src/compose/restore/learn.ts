/**
 * Learns from published CRLs what a restored database does not know: revocations and suspensions,
 * revoked CAs, and the numbers of the CRLs (ops/decisions/0026).
 */
import { copyFileSync, createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCrl, type VerifiedCrl } from '../../crl/read.js';
import { ok, type Result } from '../../kernel/result.js';
import { importRootLists } from '../../operations/crl/import-crls.js';
import { findForgotten } from '../../operations/restored/find-forgotten.js';
import { relearnRevocations } from '../../operations/restored/relearn.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import { kindOf, partitionOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { createFileOutlet } from '../../publish/file-outlet.js';
import type { Issuer } from '../../x509/model.js';
import { type ListSource, possibleLists } from './list-sources.js';
import { certificateKey, learnNumber, type RestoreWorld } from './recover.js';

/** A list that its issuer has signed. */
export type VerifiedList = {
  readonly issuer: IssuerId;
  readonly scope: CrlScope;
  readonly source: ListSource;
  readonly crl: VerifiedCrl;
};

export type ReadSource = ListSource & {
  readonly verified: readonly VerifiedList[];
  /** Files that are no list of their issuer. */
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
    // An error of the file system: the list cannot be read to its end.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return null;
  }
}

/**
 * The partitions of certificates that the CRLs of partitions list and the database does not know,
 * by `certificateKey`. Only the first ones of a very long list are found (`findForgotten`).
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
  /** Certificates whose status was learnt, some of them from several sources. */
  readonly learnt: number;
};

/** Recovered certificates must be in the database before, so that a suspension can be released. */
export async function learnFromLists(
  world: RestoreWorld,
  sources: readonly ReadSource[],
): Promise<Result<readonly LearntSource[], StoreFailure>> {
  const learnt: LearntSource[] = [];
  for (const source of sources) {
    const changed = new Set<string>();
    const outlet = createFileOutlet({ directory: source.folder });
    const statusChanged: RestoreWorld['statusChanged'] = (changes) => {
      for (const { issuer, serial } of changes) changed.add(`${issuer} ${serial}`);
    };
    if (source.verified.length > 0) {
      for (const issuer of world.issuers.all()) {
        const relearned = await relearnRevocations({ ...world, statusChanged, outlet }, issuer);
        if (!relearned.ok) return relearned;
      }
      const roots = await importRootLists({ ...world, outlet });
      if (!roots.ok) return roots;
    }
    learnt.push({ ...source, learnt: changed.size });
  }
  const numbers = await learnNumbers(world, sources);
  return numbers.ok ? ok(learnt) : numbers;
}

/** Called at the end, because a list whose number is known is not read for revocations again. */
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

function isRoot({ issuers }: Pick<RestoreWorld, 'issuers'>, issuer: IssuerId): boolean {
  return issuers.byId(issuer)?.kind === 'root';
}

/** Ceremonies sign the lists of roots: the newest one is served until the next ceremony. */
export function keepNewestRootLists(
  { issuers }: Pick<RestoreWorld, 'issuers'>,
  sources: readonly ReadSource[],
  folder: string,
): readonly string[] {
  const kept: string[] = [];
  for (const root of issuers.all().filter(({ kind }) => kind === 'root')) {
    const lists = sources.flatMap(({ verified }) => verified).filter(({ issuer }) => issuer === root.id);
    const [newest] = lists.toSorted((one, other) => other.crl.number - one.crl.number);
    const name = crlFileName(root.id);
    const target = join(folder, name);
    if (newest === undefined || newest.source.folder === folder) continue;
    const here = lists.find(({ source }) => source.folder === folder);
    if ((here?.crl.number ?? 0) >= newest.crl.number) continue;
    copyFileSync(join(newest.source.folder, name), target);
    kept.push(name);
  }
  return kept;
}
