import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import { LIVE_UPDATE_STATES } from '../../ports/store/cards/card-updates.js';
import type { Store } from '../../ports/store.js';

/** Sets the metrics of the updates that are under way on this database. */
export async function reportUpdates(
  store: Pick<Store, 'read'>,
  { updates, undeterminedOldest }: Pick<Metrics, 'updates' | 'undeterminedOldest'>,
): Promise<void> {
  const found = await store.read(async (reads) => {
    const { now } = await reads.databaseClock();
    return { now, totals: await reads.updateTotals() };
  });
  if (!found.ok) return;
  const { now, totals } = found.value;
  for (const state of LIVE_UPDATE_STATES) updates.set({ state }, totals.byState[state] ?? 0);
  const { undeterminedSince: since } = totals;
  undeterminedOldest.set(since === null ? 0 : (now - since) / SECOND_MS);
}
