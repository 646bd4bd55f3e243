/**
 * Works on the orders in turns. Each order is an item and has a turn of some seconds at a time, so
 * that an order of ten cards does not wait for one of a hundred thousand. After a crash another
 * process continues when the lease has ended. The lease is checked in every transaction, also in
 * those that lines of orders share with requests of clients.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import type { OrderWorld } from '../../operations/orders/lines/order-world.js';
import { workOrder } from '../../operations/orders/lines/work-order.js';
import { JobFailed, type SharedJob } from '../job.js';
import { DUE_ITEMS_MAX } from '../runner/shared-job.js';

/** After this time a turn begins no more lines, and waits for those that it has begun. */
const TURN_MS = 5 * SECOND_MS;
/**
 * Limit of the orders on which a process works at the same time. They have a pool of their own in
 * the runner, so that CRLs never wait for them.
 */
const ORDERS_AT_ONCE = 2;

export type OrderJobParts = OrderWorld & { readonly steadyMs: () => number };

export const processOrdersJob: SharedJob<OrderJobParts> = {
  name: 'order',
  scope: 'item',
  roles: ['worker'],
  everyMs: SECOND_MS,
  leaseDurationMs: 10 * SECOND_MS,
  budgetMs: 60 * SECOND_MS,
  isEssential: false,
  atOnceMax: ORDERS_AT_ONCE,
  prepare: (world) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      return (await reads.workableOrders(now, DUE_ITEMS_MAX)).map(({ id }) => id);
    },
    work: async (leased, id) => {
      const began = world.steadyMs();
      const mustEnd = (): boolean => leased.mustEnd() || world.steadyMs() - began >= TURN_MS;
      const worked = await workOrder(world, { ...leased, mustEnd }, id);
      if (worked.ok) return worked.value;
      const { kind } = worked.error;
      throw new JobFailed('detail' in worked.error ? `${kind}: ${worked.error.detail}` : kind);
    },
  }),
};
