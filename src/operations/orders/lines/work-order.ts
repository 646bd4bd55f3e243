/**
 * One turn of work on an order: its lines, or what is left of them after a cancellation or the
 * deadline. An order whose lines all have their outcomes is ended by another job (`order-end.ts`).
 */
import { accountFault } from '../../../access/account.js';
import { ok, type Result } from '../../../kernel/result.js';
import { decideOrder } from '../../../lifecycle/order-states.js';
import { firstOpenLine } from '../../../orders/progress.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { Order } from '../../../ports/store/orders.js';
import type { Transaction } from '../../../ports/store.js';
import type { OrderTurn, OrderWorld } from './order-world.js';
import { outcomeOfRest, settleRest } from './settle-rest.js';
import type { Prevention } from './work-line.js';
import { workLines } from './work-lines.js';

/** `more`: the turn ended before the work did. */
export async function workOrder(
  world: OrderWorld,
  turn: OrderTurn,
  id: string,
): Promise<Result<'done' | 'more', Prevention['failure']>> {
  const begun = await turn.transaction((tx) => begin(tx, id));
  if (!begun.ok) return begun;
  if (begun.value === null) return ok('done');
  const { order, account } = begun.value;
  const progress =
    account === null
      ? await settleRest(world, turn, order)
      : await workLines(world, turn, { order, account, lease: turn.lease });
  if (!progress.ok) return progress;
  const isComplete = firstOpenLine(progress.value) > order.lines;
  return ok(turn.mustEnd() && !isComplete ? 'more' : 'done');
}

/** `account`: as it is now; null: the lines that are left are not worked on. */
type BegunOrder = { readonly order: Order; readonly account: Account | null };

/** null: there is nothing to do. */
async function begin(tx: Transaction, id: string): Promise<BegunOrder | null> {
  const order = await tx.order(id);
  if (order === null) return null;
  const { now } = await tx.databaseClock();
  if (outcomeOfRest(order, now) !== null) return { order, account: null };
  const started = decideOrder(order.state, 'start');
  if (!started.ok) return null;
  const account = (await tx.accounts()).find((one) => one.id === order.accountId);
  // The orders of an account are paused in the transaction that disables it (`control.ts`). Those
  // of an account that has ended go on if its end is moved.
  if (account === undefined || accountFault(account, now) !== null) return null;
  if (order.state === started.value) return { order, account };
  await tx.changeOrder(id, order.version, { state: started.value, stateAt: now });
  return { order: { ...order, state: started.value, version: order.version + 1 }, account };
}
