/**
 * Counts the certificates that were issued and revoked on each day, by issuer and profile, from the
 * audit entries in the order of their numbers. One transaction stores the counts and the number of
 * the last counted entry, so that no entry is counted twice or left out, also after a crash or a
 * long outage.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import type { DailyCount } from '../ports/store/counts/daily-counts.js';
import type { Reads } from '../ports/store.js';
import { CLUSTER_ITEMS, type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from './job.js';

/** Limit of the audit entries that one read counts. */
const ENTRIES_PER_READ_MAX = 10_000;

type CountParts = {
  readonly store: ReadingStore;
  /**
   * Called after each commit with the counts that were added. It is not called if nobody knows
   * whether the commit succeeded.
   */
  readonly certificatesCounted: (counts: readonly DailyCount[]) => void;
};

export const countCertificatesByDayJob: SharedJob<CountParts> = {
  name: 'daily-counts',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({ due: findNewEntries, work: (leased) => countNewEntries(parts, leased) }),
};

async function findNewEntries(reads: Reads): Promise<readonly string[]> {
  const stored = await reads.job({ job: countCertificatesByDayJob.name, item: '' });
  const { seq } = await reads.auditHead();
  return seq > lastCounted(stored?.cursor ?? null) ? CLUSTER_ITEMS : [];
}

async function countNewEntries({ store, certificatesCounted }: CountParts, leased: JobLease): Promise<'done' | 'more'> {
  let after = lastCounted(leased.cursor);
  for (;;) {
    if (leased.mustEnd()) return 'more';
    const from = after;
    // The entries are read before the transaction, because all other transactions wait for its end.
    // Only the holder of the lease moves the cursor, so nothing is counted twice.
    const { upTo, counts, isLast } = valueOrThrow(
      await store.read(async (reads) => {
        const { seq } = await reads.auditHead();
        const upTo = Math.min(seq, from + ENTRIES_PER_READ_MAX);
        return { upTo, counts: await reads.countEntries({ after: from, upTo }), isLast: upTo === seq };
      }),
    );
    valueOrThrow(
      await leased.transaction(async (tx) => {
        await tx.addDailyCounts(counts);
        await leased.setCursor(tx, upTo);
      }),
    );
    certificatesCounted(counts);
    if (isLast) return 'done';
    after = upTo;
  }
}

/** The number of the last entry that was counted; 0: none was. */
function lastCounted(cursor: Json): number {
  return typeof cursor === 'number' ? cursor : 0;
}
