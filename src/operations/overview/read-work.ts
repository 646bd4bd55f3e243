/**
 * Counts what is under way on this database, whichever process works on it. The counts are those of
 * the whole installation and name nobody. Each is read from an index of what is live.
 */
import { decideAccess } from '../../access/decide.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { UpdateTotals } from '../../ports/store/cards/card-updates.js';
import type { OpenApprovals } from '../../ports/store/officers/approvals.js';
import type { OrderTotals } from '../../ports/store/orders.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type Work = {
  readonly orders: OrderTotals;
  readonly updates: UpdateTotals;
  /** Requests that wait for a second officer, by their actions. */
  readonly approvals: readonly OpenApprovals[];
  readonly deadDeliveries: number;
  /** The time of the database, as all times here. */
  readonly now: Instant;
};

export async function readWork(
  { store }: Pick<World, 'store'>,
  account: Account,
): Promise<Result<Work, OperationFailure>> {
  const permitted = decideAccess(account, 'read-nodes', null);
  if (!permitted.ok) return permitted;
  return store.read(async (reads) => {
    const deliveries = await reads.deliveryCounts();
    const dead = deliveries.filter(({ state }) => state === 'dead');
    return {
      orders: await reads.orderTotals(),
      updates: await reads.updateTotals(),
      approvals: await reads.countOpenApprovals(),
      deadDeliveries: dead.reduce((sum, { count }) => sum + count, 0),
      now: (await reads.databaseClock()).now,
    };
  });
}
