/** Publishes one item at one outlet, unless the outlet already has it or a newer one. */
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
  /**
   * Opens the content at each place that may have it, one after the other. It is verified before it
   * is published, because a place may still have the previous content. Reading throws
   * `ContentUnavailable` where there is none.
   */
  readonly source: (item: PublishedFile) => AsyncIterable<AsyncIterable<Bytes>> | readonly AsyncIterable<Bytes>[];
};

/**
 * `newer-there`: the outlet has a CRL with a higher number, which this database does not know (yet,
 * or after a restore). `no-source`: the content is not available here. `contested`: other
 * publishers changed the item at each attempt. `refused`: the outlet is available but rejects the
 * item.
 */
export type DeliveryOutcome = 'unchanged' | 'delivered' | 'newer-there' | 'no-source' | 'contested' | 'refused';

const ATTEMPTS_MAX = 3;

export async function deliver(
  world: DeliveryWorld,
  session: OutletSession,
  item: PublishedFile,
): Promise<Result<DeliveryOutcome, OutletFailure>> {
  const { log } = world;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const current = await session.current(item);
    if (!current.ok) return current;
    if (current.value?.sha256 === item.sha256) return ok('unchanged');
    if (current.value !== null && (await isNewer(world, item, current.value))) return ok('newer-there');
    const put = await putFromSource(world, session, item);
    if (put === null) return ok('no-source');
    if (put.ok) return ok('delivered');
    if (put.error.kind === 'outlet-unavailable') return { ok: false, error: put.error };
    if (put.error.kind === 'outlet-refuses') {
      log.error('outlet.refused', { file: item.fileName, detail: put.error.detail });
      return ok('refused');
    }
  }
  return ok('contested');
}

/** null: no place has the content. */
async function putFromSource(
  { log, source }: DeliveryWorld,
  session: OutletSession,
  item: PublishedFile,
): Promise<Awaited<ReturnType<OutletSession['put']>> | null> {
  const details: string[] = [];
  for await (const content of source(item)) {
    try {
      return await session.put(item, verifiedContent(content, item));
    } catch (error) {
      if (!(error instanceof ContentUnavailable)) throw error;
      details.push(error.message);
    }
  }
  log.warn('outlet.no-source', { file: item.fileName, detail: details.join('; ') || 'there is no other node' });
  return null;
}

/**
 * Compares the numbers, if the published content is a CRL of the issuer; anything else is replaced.
 */
async function isNewer(
  { issuerOf, log }: DeliveryWorld,
  item: PublishedFile,
  current: OutletContent,
): Promise<boolean> {
  const issuer = item.issuer === null ? null : issuerOf(item.issuer);
  if (item.number === null || item.scope === null || issuer === null) return false;
  const read = await readCrl(current.read(), { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any' });
  // A CRL of the other kind is in the wrong place, whatever its number is.
  if (read.ok) return kindOf(read.value.scope) === kindOf(item.scope) && read.value.number > item.number;
  log.warn('outlet.published-unreadable', { file: item.fileName, kind: read.error.kind, detail: read.error.detail });
  return false;
}
