import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import { readProgress, WAIT_REASONS, type Wait } from '../../orders/progress.js';
import { LIVE_ORDER_STATES } from '../../ports/store/orders.js';
import type { Reads, Store } from '../../ports/store.js';

/**
 * Sets the metrics of the orders that are under way on this database, and of their waiting lines.
 */
export async function reportOrders(
  store: Pick<Store, 'read'>,
  metrics: Pick<Metrics, 'orders' | 'orderOldest' | 'orderSetAside' | 'receiptWaiting'>,
): Promise<void> {
  const found = await store.read(async (reads) => {
    const { now } = await reads.databaseClock();
    return { now, totals: await reads.orderTotals(), setAside: await countSetAside(reads, now) };
  });
  if (!found.ok) return;
  const { totals, now, setAside } = found.value;
  const { orders, orderOldest, orderSetAside, receiptWaiting } = metrics;
  for (const state of LIVE_ORDER_STATES) orders.set({ state }, totals.byState[state] ?? 0);
  orderOldest.set(secondsSince(totals.oldestAt, now));
  for (const reason of WAIT_REASONS) orderSetAside.set({ reason }, setAside.get(reason) ?? 0);
  receiptWaiting.set(secondsSince(totals.unsignedAt, now));
}

/** The lines of at most this many orders are counted. More of them would make the metrics slow. */
const COUNTED_ORDERS_MAX = 100;

/** Counts the lines that wait, in the orders that are worked on, by what they wait for. */
async function countSetAside(reads: Reads, now: Instant): Promise<ReadonlyMap<Wait['reason'], number>> {
  const counts = new Map<Wait['reason'], number>();
  const workable = await reads.workableOrders(now, COUNTED_ORDERS_MAX);
  for (const order of workable.filter(({ state }) => state === 'working')) {
    const job = await reads.job({ job: 'order', item: order.id });
    for (const { wait, lines } of readProgress(job?.cursor ?? null, order).aside)
      counts.set(wait.reason, (counts.get(wait.reason) ?? 0) + lines.length);
  }
  return counts;
}

function secondsSince(at: Instant | null, now: Instant): number {
  return at === null ? 0 : (now - at) / SECOND_MS;
}
