import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { listOrders, type ShownOrder } from '../../../operations/orders/read.js';
import type { ServingContext } from '../../../operations/serving.js';
import { ORDER_STATES } from '../../../ports/store/orders.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import type { PageRequest } from '../../page.js';

export type OrdersData = {
  readonly orders: readonly ShownOrder[];
  /** The order after which the next page begins; null: there is none. */
  readonly next: string | null;
  readonly uploadBytesMax: number;
};

export async function loadOrders(
  { world }: ServingContext,
  { account, query }: PageRequest,
): Promise<Result<OrdersData, OperationFailure>> {
  const before = cursorOf(query.cursor);
  if (!before.ok) return before;
  const state = ORDER_STATES.find((one) => one === query.state);
  const page = await listOrders(world, account, { state, limit: PAGE_SIZE, before: before.value });
  return page.ok ? ok({ ...page.value, uploadBytesMax: world.policy.environment.orders.uploadBytesMax }) : page;
}
