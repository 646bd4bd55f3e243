/**
 * Counts the certificates that were issued and revoked on each day, by issuer and profile, from the
 * audit entries in the order of their numbers. The counts and the number of the last entry that is
 * in them are in one transaction, so that no entry is counted twice or left out, also after a
 * crash or a long outage.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import type { DailyCount } from '../ports/store/counts/daily-counts.js';
import type { Reads } from '../ports/store.js';
import { type JobLease, orFail, type ReadingStore, type SharedJob, WHOLE } from './job.js';

/** Entries that one read counts. */
const ENTRIES_A_PART = 10_000;

type CountParts = {
  readonly store: ReadingStore;
  /**
   * Called after each commit with what it has added. If nobody knows whether a part was committed,
   * it is left out.
   */
  readonly certificatesCounted: (counts: readonly DailyCount[]) => void;
};

export const countDays: SharedJob<CountParts> = {
  name: 'daily-counts',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({ due: newEntries, work: (leased) => count(parts, leased) }),
};

async function newEntries(reads: Reads): Promise<readonly string[]> {
  const stored = await reads.job({ job: countDays.name, item: '' });
  const { seq } = await reads.auditHead();
  return seq > lastCounted(stored?.cursor ?? null) ? WHOLE : [];
}

async function count({ store, certificatesCounted }: CountParts, leased: JobLease): Promise<'done' | 'more'> {
  let after = lastCounted(leased.cursor);
  for (;;) {
    if (leased.mustEnd()) return 'more';
    const from = after;
    // The entries are read outside of the transaction, because all other transactions wait for it.
    // Only the holder of the lease moves the cursor, so nothing is counted twice.
    const { upTo, counts, isLast } = orFail(
      await store.read(async (reads) => {
        const { seq } = await reads.auditHead();
        const upTo = Math.min(seq, from + ENTRIES_A_PART);
        return { upTo, counts: await reads.countEntries({ after: from, upTo }), isLast: upTo === seq };
      }),
    );
    orFail(
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
