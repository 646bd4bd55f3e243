/** One thing to one outlet: looked at, and put there unless it stands there, or something newer does. */
import { readCrl } from '../crl/read.js';
import type { Bytes } from '../kernel/bytes.js';
import { ok, type Result } from '../kernel/result.js';
import { kindOf } from '../policy/publication/crl-scopes.js';
import type { OutletContent, OutletFailure, OutletSession, PublishedFile } from '../ports/outlet.js';
import type { IssuerId } from '../ports/signer.js';
import type { Log } from '../ports/world.js';
import type { Issuer } from '../x509/model.js';
import { ContentUnavailable, verifiedContent } from './verified-content.js';

export type DeliveryWorld = {
  readonly issuerOf: (id: IssuerId) => Issuer | null;
  readonly log: Log;
  /** Octets that may be the ones, opened when they are asked for; `ContentUnavailable` is thrown where there are none. */
  readonly source: (item: PublishedFile) => AsyncIterable<Bytes>;
};

/**
 * `newer`: a list with a higher number stands there, which this database has not heard of yet or any more. `no-source`: nobody here has
 * the octets. `contested`: other publishers were faster each time. `refused`: the outlet is there and does not take it.
 */
export type DeliveryOutcome = 'unchanged' | 'delivered' | 'newer-there' | 'no-source' | 'contested' | 'refused';

const ATTEMPTS_MAX = 3;

export async function deliver(
  world: DeliveryWorld,
  session: OutletSession,
  item: PublishedFile,
): Promise<Result<DeliveryOutcome, OutletFailure>> {
  const { log, source } = world;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const standing = await session.standing(item);
    if (!standing.ok) return standing;
    if (standing.value?.sha256 === item.sha256) return ok('unchanged');
    if (standing.value !== null && (await isNewer(world, item, standing.value))) return ok('newer-there');
    try {
      const put = await session.put(item, verifiedContent(source(item), item));
      if (put.ok) return ok('delivered');
      if (put.error.kind === 'outlet-unavailable') return { ok: false, error: put.error };
      if (put.error.kind === 'outlet-refuses') {
        log.error('outlet.refused', { file: item.fileName, detail: put.error.detail });
        return ok('refused');
      }
    } catch (error) {
      if (error instanceof ContentUnavailable) {
        log.warn('outlet.no-source', { file: item.fileName, detail: error.message });
        return ok('no-source');
      }
      throw error;
    }
  }
  return ok('contested');
}

/** By its number, where it is a list of its issuer at all: whatever else stands there gives way. */
async function isNewer(
  { issuerOf, log }: DeliveryWorld,
  item: PublishedFile,
  standing: OutletContent,
): Promise<boolean> {
  const issuer = issuerOf(item.issuer);
  if (item.number === null || item.scope === null || issuer === null) return false;
  const read = await readCrl(standing.read(), { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any' });
  // A list of the other kind is at the wrong place, whatever its number.
  if (read.ok) return kindOf(read.value.scope) === kindOf(item.scope) && read.value.number > item.number;
  log.warn('outlet.standing-unreadable', { file: item.fileName, kind: read.error.kind, detail: read.error.detail });
  return false;
}
