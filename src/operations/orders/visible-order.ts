import { decideAccess } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Order } from '../../ports/store/orders.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { sees } from './read.js';

/** The order, if the account sees it and one of its roles has the action. */
export async function visibleOrder(
  { store }: Pick<World, 'store'>,
  account: Account,
  { id, action }: { readonly id: string; readonly action: Action },
): Promise<Result<Order, OperationFailure>> {
  const permitted = decideAccess(account, action, null);
  if (!permitted.ok) return permitted;
  const found = await store.read((reads) => reads.order(id));
  if (!found.ok) return found;
  return found.value !== null && sees(account, found.value, action)
    ? ok(found.value)
    : err(notFound('no-order', { id }));
}
