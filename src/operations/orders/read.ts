/**
 * Reads orders. An account sees its own orders and those that name it as their card bureau; an
 * unlimited account sees all, unless only its role of a card bureau lets it ask.
 */
import { decideAccess, isUnlimited, rolesPermit } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type ReportedProgress, reportProgress } from '../../orders/progress.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Order, OrderState, SettledLine } from '../../ports/store/orders.js';
import type { Reads } from '../../ports/store.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** An order with what is computed when it is shown. */
export type ShownOrder = {
  readonly order: Order;
  /** Lines whose cards a bureau has acknowledged. */
  readonly acknowledged: number;
  readonly progress: ReportedProgress;
};

export async function readOrder({ store }: World, account: Account, id: string): Outcome<ShownOrder> {
  const permitted = decideAccess(account, 'read-orders', null);
  if (!permitted.ok) return permitted;
  const found = await store.read(async (reads) => {
    const order = await reads.order(id);
    return order === null || !sees(account, order, 'read-orders') ? null : shown(reads, order);
  });
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-order', { id })) : ok(found.value);
}

type OrderFilter = {
  readonly state: OrderState | undefined;
  readonly limit: number;
  /** Only orders that began before this one; null: from the newest on. */
  readonly before: string | null;
};

/** Newest first. `next`: the order after which the next page begins; null: there is none. */
export async function listOrders(
  { store }: World,
  account: Account,
  { state, limit, before }: OrderFilter,
): Outcome<{ readonly orders: readonly ShownOrder[]; readonly next: string | null }> {
  const permitted = decideAccess(account, 'read-orders', null);
  if (!permitted.ok) return permitted;
  const accountId = seesAll(account, 'read-orders') ? null : account.id;
  return store.read(async (reads) => {
    const found = await reads.ordersPage({ accountId, state, limit: limit + 1, before });
    const orders: ShownOrder[] = [];
    for (const order of found.slice(0, limit)) orders.push(await shown(reads, order));
    const last = orders.at(-1);
    return { orders, next: found.length > limit && last !== undefined ? last.order.id : null };
  });
}

/** The outcome of one line. */
export async function readOrderLine(
  { store }: World,
  account: Account,
  { id, line }: { readonly id: string; readonly line: number },
): Outcome<SettledLine> {
  const permitted = decideAccess(account, 'read-order-lines', null);
  if (!permitted.ok) return permitted;
  const found = await store.read(async (reads): Outcome<SettledLine> => {
    const order = await reads.order(id);
    if (order === null || !sees(account, order, 'read-order-lines')) return err(notFound('no-order', { id }));
    const settled = await reads.orderLine(id, line);
    return settled === null ? err(notFound('no-outcome', { id, line })) : ok(settled);
  });
  return found.ok ? found.value : found;
}

export function sees(account: Account, order: Order, action: Action): boolean {
  const { id } = account;
  return order.accountId === id || order.bureauId === id || seesAll(account, action);
}

/** A card bureau has its actions for the orders that name it alone, whatever its scope is. */
function seesAll({ scope, roles }: Account, action: Action): boolean {
  const others = roles.filter((role) => role !== 'card-bureau');
  return isUnlimited(scope) && rolesPermit(others, action);
}

/** How many lines have no outcome. */
export function openLinesOf({ lines, counts }: Order): number {
  return Object.values(counts).reduce((open, count) => open - count, lines);
}

async function shown(reads: Reads, order: Order): Promise<ShownOrder> {
  const acknowledged = await reads.acknowledgedLines([order.id]);
  const job = await reads.job({ job: 'order', item: order.id });
  const { now } = await reads.databaseClock();
  const progress = reportProgress(job?.cursor ?? null, order, now);
  return { order, acknowledged: acknowledged.get(order.id) ?? 0, progress };
}
