/**
 * Finds the published CRLs from which a restore can learn: those in the home folder, in the backup
 * and in folders that the command names, and those of the outlets of the configuration and of the
 * public addresses. The CRLs of outlets and addresses are copied into folders, so that all are read
 * in the same way.
 */
import { createWriteStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OutletConfig } from '../../config/schema/publication.js';
import type { Bytes } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { errorMessage } from '../../kernel/errors.js';
import { ok, type Result } from '../../kernel/result.js';
import type { Issuers } from '../../operations/world.js';
import { crlFileName, crlUrl } from '../../policy/publication/addresses.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { PublishedFile } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import { fetchHttp } from '../../publish/public-addresses.js';
import type { Home } from '../home.js';
import { remoteOutlet } from '../outlet-supplies.js';
import { systemClock } from '../world.js';

export type ListSource = {
  /** The name of the source for people: the folder, the outlet or the address. */
  readonly name: string;
  /** The folder where its lists are, or into which they were copied. */
  readonly folder: string;
  readonly lists: number;
  /** Why some of its lists could not be read; null: there was no fault. */
  readonly fault: string | null;
  /** Whether the lists are those of the backup, which say little about what happened after it. */
  readonly isOfBackup: boolean;
};

type PossibleList = { readonly issuer: IssuerId; readonly scope: CrlScope; readonly fileName: string };

/** An address that does not answer within this time counts as unreachable. */
const ANSWER_MS_MAX = 5 * SECOND_MS;
/** A source from which no list was read is given up when its failures have taken this long. */
const UNREACHABLE_MS_MAX = 2 * ANSWER_MS_MAX;
/** A longer list is not accepted: the list of ten million revoked certificates has 400 MB. */
const LIST_BYTES_MAX = 1024 ** 3;

type CollectedFrom = {
  readonly home: Pick<Home, 'config' | 'policy'>;
  readonly issuers: Pick<Issuers, 'all'>;
  /** An empty or missing folder for the copies. */
  readonly into: string;
  /** Folders with lists of other nodes or outlets. */
  readonly folders: readonly string[];
  /** The folder with the lists of the backup. It is missing if the backup has none. */
  readonly ofBackup: string;
};

export async function collectLists({
  home,
  issuers,
  into,
  folders,
  ofBackup,
}: CollectedFrom): Promise<readonly ListSource[]> {
  const { config, policy } = home;
  const wanted = possibleLists(home, issuers);
  const sources: ListSource[] = [folderSource(config.paths.crl, wanted)];
  if (existsSync(ofBackup))
    sources.push({ ...folderSource(ofBackup, wanted), name: 'the CRLs of the backup', isOfBackup: true });
  for (const folder of folders) sources.push(folderSource(folder, wanted));
  for (const [at, outlet] of config.publication.outlets.entries())
    sources.push(await outletSource(home, outlet, { wanted, folder: join(into, `outlet-${at}`) }));
  const address = policy.environment.addresses.publication;
  const byHttp = join(into, 'addresses');
  const fetched = await copyEach(byHttp, wanted, ({ issuer, scope }) =>
    fetchHttp(crlUrl(policy.environment, issuer, scope), { answerMsMax: ANSWER_MS_MAX }),
  );
  sources.push({ name: address, folder: byHttp, isOfBackup: false, ...fetched });
  return sources;
}

/** Returns the lists that an installation with this policy can have published. */
export function possibleLists(
  { policy }: Pick<Home, 'policy'>,
  issuers: Pick<Issuers, 'all'>,
): readonly PossibleList[] {
  return issuers.all().flatMap(({ id: issuer, kind }) => {
    const partitions = kind === 'root' ? [null] : crlPartitions(policy.environment, issuer);
    const kinds = kind === 'root' ? (['full'] as const) : (['full', 'delta'] as const);
    return partitions.flatMap((partition) =>
      kinds.map((one) => {
        const scope = scopeOf(one, partition);
        return { issuer, scope, fileName: crlFileName(issuer, scope) };
      }),
    );
  });
}

function folderSource(folder: string, wanted: readonly PossibleList[]): ListSource {
  const source = { name: folder, folder, lists: 0, isOfBackup: false };
  if (!existsSync(folder)) return { ...source, fault: 'there is no such folder' };
  try {
    const names = new Set(readdirSync(folder));
    return { ...source, lists: wanted.filter(({ fileName }) => names.has(fileName)).length, fault: null };
  } catch (error) {
    return { ...source, fault: errorMessage(error) };
  }
}

async function outletSource(
  home: Pick<Home, 'policy'>,
  config: OutletConfig,
  { wanted, folder }: { readonly wanted: readonly PossibleList[]; readonly folder: string },
): Promise<ListSource> {
  const { name } = config;
  const outlet = remoteOutlet(home, { clock: systemClock }, config);
  const session = await outlet.open();
  if (!session.ok) return { name, folder, lists: 0, fault: session.error.detail, isOfBackup: false };
  try {
    const items = wanted.map((list) => ({ list, item: { ...list, sha256: '', sizeBytes: 0, number: null } }));
    const taken = items.filter(({ item }) => outlet.takes(item satisfies PublishedFile));
    const itemOf = new Map(taken.map(({ list, item }) => [list, item]));
    const copied = await copyEach(folder, [...itemOf.keys()], async (list) => {
      const item = itemOf.get(list);
      const found = item === undefined ? ok(null) : await session.value.current(item);
      return found.ok ? ok(found.value?.read() ?? null) : found;
    });
    return { name, folder, isOfBackup: false, ...copied };
  } finally {
    await session.value.close();
  }
}

type ListAnswer = Result<AsyncIterable<Bytes> | null, { readonly detail: string }>;

/**
 * Copies all lists that a source has. Goes on after a list that is missing or cannot be read,
 * because the source may have the others, unless it probably cannot be reached at all.
 */
async function copyEach(
  folder: string,
  wanted: readonly PossibleList[],
  read: (list: PossibleList) => Promise<ListAnswer>,
): Promise<{ readonly lists: number; readonly fault: string | null }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let lists = 0;
  let fault: string | null = null;
  let failedMs = 0;
  for (const list of wanted) {
    const askedAt = performance.now();
    const copied = await copyOne(join(folder, list.fileName), await read(list));
    if (copied === true) lists += 1;
    else if (copied !== false && !isMissing(copied)) {
      fault ??= copied;
      failedMs += performance.now() - askedAt;
    }
    // The source probably cannot be reached: each of the other lists would take as long to fail.
    if (lists === 0 && failedMs >= UNREACHABLE_MS_MAX) break;
  }
  return { lists, fault };
}

/**
 * Whether the fault only says that the source does not have this list. Not every source has delta
 * CRLs.
 */
function isMissing(fault: string): boolean {
  return fault.endsWith('HTTP 404');
}

/** Copies one list. false: the source does not have it. A text: why it could not be read. */
async function copyOne(file: string, found: ListAnswer): Promise<boolean | string> {
  if (!found.ok) return found.error.detail;
  if (found.value === null) return false;
  try {
    await pipeline(Readable.from(bounded(found.value)), createWriteStream(file, { mode: 0o600 }));
    return true;
  } catch (error) {
    rmSync(file, { force: true });
    return errorMessage(error);
  }
}

async function* bounded(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > LIST_BYTES_MAX) throw new Error('the list is too long');
    yield chunk;
  }
}
