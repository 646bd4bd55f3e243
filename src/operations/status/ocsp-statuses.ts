/**
 * Reads the statuses of the certificates in an OCSP request, with one look-up for each issuer and
 * all simultaneous requests.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isExpired } from '../../lifecycle/certificate-states.js';
import type { OcspQuestion } from '../../ocsp/answer.js';
import { type CertStatus, decideStatus } from '../../ocsp/decide.js';
import type { Policy } from '../../policy/model.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Statuses, StatusRecord } from '../../ports/store/statuses.js';
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
  readonly changes?: SeenChanges;
  readonly answers: Policy['environment']['ocspAnswers'];
  readonly log: Log;
};

/** The changes of status that this process has seen, where others change the database too. */
export type SeenChanges = {
  /** Number of the newest one. */
  readonly newestChange: () => number;
  /** Called with the number of the last change in what was read. */
  readonly sawChange: (seq: number) => void;
};

type OfOne = {
  readonly issuer: IssuerId;
  /** null: it cannot be a serial number of ours. */
  readonly serials: readonly (string | null)[];
  readonly newestChange: SeenChanges['newestChange'];
};
type FoundOfOne = {
  readonly records: readonly (StatusRecord | null)[];
  readonly lastChange: number;
  /** Number of the newest change that was known when the read began. */
  readonly wanted: number;
};

const STATUSES: GroupedWork<StatusReads, OfOne, FoundOfOne> = {
  run: async (reads, asked) => {
    // The read may have waited for its turn, and the reads before it may have shown changes that
    // the server of this one lacks. A change that is seen during the read may be missing in it too,
    // but only the poller sees one then, and tells its subscribers of it.
    const wanted = asked.map(({ newestChange }) => newestChange());
    const found = new Map<IssuerId, Statuses>();
    for (const id of new Set(asked.map(({ issuer }) => issuer))) {
      const serials = asked.flatMap((one) => (one.issuer === id ? one.serials : []));
      found.set(id, await reads.statuses(id, [...new Set(serials.filter((serial) => serial !== null))]));
    }
    return asked.map(({ issuer, serials }, at) => {
      const { records, lastChange } = present(found.get(issuer), 'the statuses of an issuer that was asked about');
      return {
        records: serials.map((serial) => (serial === null ? null : (records.get(serial) ?? null))),
        lastChange,
        wanted: present(wanted[at], 'the newest change before the read'),
      };
    });
  },
};

/** In the order of the request. */
export async function readStatuses(
  world: StatusWorld,
  { request, issuer }: Pick<OcspQuestion, 'request' | 'issuer'>,
): Promise<Result<readonly CertStatus[], 'tryLater'>> {
  const { store, changes, answers, log } = world;
  const serials = request.certIds.map(({ serial }) => serial);
  const newestChange = changes?.newestChange ?? (() => 0);
  const found = await store.groupedRead(STATUSES, { issuer: issuer.id, serials, newestChange });
  if (!found.ok) {
    log.warn('ocsp.status-unavailable', { issuer: issuer.id, detail: found.error.detail });
    return err('tryLater');
  }
  const { records, lastChange, wanted } = found.value;
  changes?.sawChange(lastChange);
  const now = world.clock();
  const statuses: CertStatus[] = [];
  for (const record of records) {
    const decision = decideStatus(record, answers.neverIssued);
    // A response has one status for the whole message, so one unanswerable certificate makes all of
    // it unanswerable.
    if (decision.kind === 'try-later') return err('tryLater');
    const hasExpired = record !== null && isExpired(record.notAfter, now);
    statuses.push(
      hasExpired && (decision.kind === 'good' || decision.kind === 'revoked') ? { ...decision, hasExpired } : decision,
    );
  }
  // Another server may have given a newer status, also the end of this suspension.
  if (lastChange < wanted && !statuses.every(isFinal)) return err('tryLater');
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

function isFinal(status: CertStatus): boolean {
  return status.kind === 'revoked' && status.reason !== 'certificateHold';
}
