import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Metrics } from '../observe/metrics.js';
import { LIVE_ORDER_STATES } from '../ports/store/orders.js';
import type { Store } from '../ports/store.js';

/** Sets the metrics of the orders that are under way on this database. */
export async function reportOrders(
  store: Pick<Store, 'read'>,
  { orders, orderOldest, receiptWaiting }: Pick<Metrics, 'orders' | 'orderOldest' | 'receiptWaiting'>,
): Promise<void> {
  const found = await store.read(async (reads) => ({
    totals: await reads.orderTotals(),
    now: (await reads.databaseClock()).now,
  }));
  if (!found.ok) return;
  const { totals, now } = found.value;
  for (const state of LIVE_ORDER_STATES) orders.set({ state }, totals.byState[state] ?? 0);
  orderOldest.set(secondsSince(totals.oldestAt, now));
  receiptWaiting.set(secondsSince(totals.unsignedAt, now));
}

function secondsSince(at: Instant | null, now: Instant): number {
  return at === null ? 0 : (now - at) / SECOND_MS;
}
