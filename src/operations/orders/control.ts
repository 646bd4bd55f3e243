/**
 * Pauses, resumes and cancels orders. Only their states change here: the worker then stops, goes
 * on, or gives the lines that are left the outcome `cancelled`.
 */
import { decideAccess, isUnlimited } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditEvent } from '../../audit/events.js';
import { assert } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideOrder } from '../../lifecycle/order-states.js';
import { orderEvent } from '../../orders/webhooks.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Order, OrderState } from '../../ports/store/orders.js';
import type { Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { orderDetails } from './order-details.js';

export type OrderControl = 'pause' | 'resume' | 'cancel';

const EVENTS = {
  pause: 'order.paused',
  resume: 'order.resumed',
  cancel: 'order.cancelled',
} as const satisfies Readonly<Record<OrderControl, AuditEvent['type']>>;

/** A repeated request changes nothing. */
export async function controlOrder(
  world: World,
  account: Account,
  { id, control }: { readonly id: string; readonly control: OrderControl },
): Promise<Result<Order, OperationFailure>> {
  const permitted = decideAccess(account, control === 'cancel' ? 'cancel-orders' : 'control-orders', null);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction(async (tx): Promise<Result<Order, OperationFailure>> => {
    const order = await tx.order(id);
    if (order === null || !controls(account, order)) return err(notFound('no-order', { id }));
    if (control === 'resume' && (await isDisabled(tx, order.accountId)))
      return err({ kind: 'state-conflict', ...fault('order-account-enabled', { account: order.accountId }) });
    const state = decideOrder(order.state, control);
    if (!state.ok) return state;
    if (state.value === order.state) return ok(order);
    return ok(await changeState(tx, order, { state: state.value, by: account.id, control, at: world.clock() }));
  });
  return outcome.ok ? outcome.value : outcome;
}

/**
 * Pauses what the account has under way: disabling an account is how a stolen one is stopped. It is
 * a step of the transaction that disables it. Returns the ids of the orders.
 */
export async function pauseOrdersOf(tx: Transaction, accountId: string, at: Instant): Promise<readonly string[]> {
  const orders = await tx.runningOrdersOf(accountId);
  for (const order of orders) await changeState(tx, order, { state: 'paused', by: 'system', control: 'pause', at });
  return orders.map(({ id }) => id);
}

/** An account controls its own orders; an unlimited account controls all. */
function controls({ id, scope }: Account, order: Order): boolean {
  return order.accountId === id || isUnlimited(scope);
}

async function isDisabled(tx: Pick<Transaction, 'accounts'>, accountId: string): Promise<boolean> {
  return (await tx.accounts()).some(({ id, disabled }) => id === accountId && disabled);
}

type StateChange = {
  readonly state: OrderState;
  /** An account, or `system`. */
  readonly by: string;
  readonly control: OrderControl;
  readonly at: Instant;
};

async function changeState(tx: Transaction, order: Order, { state, by, control, at }: StateChange): Promise<Order> {
  const { now } = await tx.databaseClock();
  const changes = { state, stateAt: now, pausedBy: state === 'paused' ? by : null } as const;
  assert(await tx.changeOrder(order.id, order.version, changes), 'an order that was read in this transaction');
  await tx.appendAudit([{ at, type: EVENTS[control], actor: accountActor(by), details: orderDetails(order) }]);
  const changed = { ...order, ...changes, version: order.version + 1 };
  if (state === 'paused') await tx.publish([orderEvent('order.paused', changed, now)]);
  return changed;
}
