/**
 * Ends orders whose lines all have their outcomes, and then signs their receipts. Each order is an
 * item. While the platform token is not available, the runner repeats the signing later, and all
 * other work on orders continues.
 */
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { type FinishingWorld, finishOrder } from '../../operations/orders/finish-order.js';
import { type ReceiptWorld, signReceipt } from '../../operations/orders/sign-receipt.js';
import type { PlatformKey } from '../../orders/receipt.js';
import { JobFailed, type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';

type OrderEndParts = Omit<FinishingWorld & ReceiptWorld, 'store' | 'platformKey' | 'mustEnd'> & {
  readonly store: ReadingStore;
  /** null: receipts are not signed. */
  readonly platformKey: PlatformKey | null;
};

/**
 * Limit of the orders that each of the two reads of a poll returns; the others follow when these
 * are done.
 */
const ORDERS_PER_POLL_MAX = 1_000;

export const endOrdersJob: SharedJob<OrderEndParts> = {
  name: 'order-end',
  scope: 'item',
  roles: ['worker'],
  everyMs: SECOND_MS,
  leaseDurationMs: 15 * SECOND_MS,
  // Hashing the results and the bundle of a million lines takes minutes.
  budgetMs: 30 * MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      const settled = await reads.settledOrders(now, ORDERS_PER_POLL_MAX);
      return parts.platformKey === null
        ? settled
        : [...settled, ...(await reads.ordersWithoutReceipt(ORDERS_PER_POLL_MAX))];
    },
    work: (leased, id) => endOrder(parts, leased, id),
  }),
};

async function endOrder(
  { platformKey, ...parts }: OrderEndParts,
  { store, mustEnd }: JobLease,
  id: string,
): Promise<'done' | 'more'> {
  const ended = valueOrThrow(await finishOrder({ ...parts, store, mustEnd }, id));
  if (ended === null) return 'more';
  if (platformKey === null) return 'done';
  const signed = await signReceipt({ ...parts, platformKey, store }, id);
  if (!signed.ok) throw new JobFailed(`the receipt is not signed: ${signed.error.kind}, ${signed.error.detail}`);
  return 'done';
}
