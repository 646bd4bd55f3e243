import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Store } from '../../ports/store.js';

/** Sets the metrics of the CMP transactions that are under way on this database. */
export async function reportCmp(
  store: Pick<Store, 'read'>,
  { cmpUndetermined, cmpOldestWaiting }: Pick<Metrics, 'cmpUndetermined' | 'cmpOldestWaiting'>,
): Promise<void> {
  const found = await store.read(async (reads) => {
    const { now } = await reads.databaseClock();
    return { now, totals: await reads.cmpTotals() };
  });
  if (!found.ok) return;
  const { now, totals } = found.value;
  cmpUndetermined.set(totals.undetermined);
  cmpOldestWaiting.set(totals.waitingSince === null ? 0 : Math.max(0, now - totals.waitingSince) / SECOND_MS);
}
