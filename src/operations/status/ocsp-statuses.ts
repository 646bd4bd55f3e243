/**
 * Reads the statuses of the certificates in an OCSP request, with one look-up for each issuer and
 * all simultaneous requests.
 */
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isExpired } from '../../lifecycle/status.js';
import type { OcspQuestion } from '../../ocsp/answer.js';
import { type CertStatus, decideStatus } from '../../ocsp/decide.js';
import type { Policy } from '../../policy/model.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StatusRecord } from '../../ports/store/statuses.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';

type StatusReads = Pick<Reads, 'statuses'>;

/** The part of the store that it uses. */
export type StatusSource = {
  readonly groupedRead: <Item, Outcome>(
    work: GroupedWork<StatusReads, Item, Outcome>,
    item: Item,
  ) => Promise<Result<Outcome, StoreFailure>>;
};

type StatusWorld = {
  readonly store: StatusSource;
  readonly clock: () => Instant;
  readonly staleMs?: () => number;
  readonly answers: Policy['environment']['ocspAnswers'];
  readonly log: Log;
};

/** null: it cannot be a serial number of ours. */
type OfOne = { readonly issuer: IssuerId; readonly serials: readonly (string | null)[] };

const STATUSES: GroupedWork<StatusReads, OfOne, readonly (StatusRecord | null)[]> = {
  run: async (reads, asked) => {
    const found = new Map<IssuerId, ReadonlyMap<string, StatusRecord>>();
    for (const id of new Set(asked.map(({ issuer }) => issuer))) {
      const serials = asked.flatMap((one) => (one.issuer === id ? one.serials : []));
      found.set(id, await reads.statuses(id, [...new Set(serials.filter((serial) => serial !== null))]));
    }
    return asked.map(({ issuer, serials }) =>
      serials.map((serial) => (serial === null ? null : (found.get(issuer)?.get(serial) ?? null))),
    );
  },
};

/** In the order of the request. */
export async function readStatuses(
  world: StatusWorld,
  { request, issuer }: Pick<OcspQuestion, 'request' | 'issuer'>,
): Promise<Result<readonly CertStatus[], 'tryLater'>> {
  const { store, answers, log } = world;
  const serials = request.certIds.map(({ serial }) => serial);
  const records = await store.groupedRead(STATUSES, { issuer: issuer.id, serials });
  if (!records.ok) {
    log.warn('ocsp.status-unavailable', { issuer: issuer.id, detail: records.error.detail });
    return err('tryLater');
  }
  const now = world.clock();
  const statuses: CertStatus[] = [];
  for (const record of records.value) {
    const decision = decideStatus(record, answers.neverIssued);
    // A response has one status for the whole message, so one unanswerable certificate makes all of
    // it unanswerable.
    if (decision.kind === 'try-later') return err('tryLater');
    const hasExpired = record !== null && isExpired(record.notAfter, now);
    statuses.push(
      hasExpired && (decision.kind === 'good' || decision.kind === 'revoked') ? { ...decision, hasExpired } : decision,
    );
  }
  // `revoked` is answered however old it is, because only a suspension can end. An unknown
  // certificate may have been issued since, and a good one revoked.
  return isStale(world) && statuses.some(({ kind }) => kind !== 'revoked') ? err('tryLater') : ok(statuses);
}

/**
 * Whether the data of the database may be too old for an answer other than `revoked`. `maxAgeMs` is
 * for HTTP caches only, and says nothing about the database.
 */
export function isStale({ staleMs, answers }: Pick<StatusWorld, 'staleMs' | 'answers'>): boolean {
  return staleMs !== undefined && staleMs() > answers.staleMsMax;
}
