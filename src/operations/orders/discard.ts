/** Discards an upload that cannot be completed. Its parts are removed by `removeOldParts`. */
import { ok, type Result } from '../../kernel/result.js';
import { decideOrder } from '../../lifecycle/order-states.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';

/** Returns whether it was being received until now. From then on its key is free. */
export async function discardUpload(
  { store, log }: Pick<World, 'store' | 'log'>,
  id: string,
): Promise<Result<boolean, StoreFailure>> {
  const outcome = await store.transaction(async (tx) => {
    const order = await tx.order(id);
    const state = order === null ? null : decideOrder(order.state, 'discard');
    if (order === null || state?.ok !== true || state.value === order.state) return null;
    const { now } = await tx.databaseClock();
    const isChanged = await tx.changeOrder(id, order.version, { state: state.value, stateAt: now, finishedAt: now });
    return isChanged ? order : null;
  });
  if (!outcome.ok) return outcome;
  if (outcome.value === null) return ok(false);
  const { accountId: account, octets, lines } = outcome.value;
  log.info('order.discarded', { id, account, octets, lines });
  return ok(true);
}
