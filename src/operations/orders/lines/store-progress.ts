import { firstOpenLine, type OrderProgress, writeProgress } from '../../../orders/progress.js';
import type { Order } from '../../../ports/store/orders.js';
import type { Transaction } from '../../../ports/store.js';
import type { OrderTurn } from './order-world.js';

/** Stores how far the work has come, and moves the cursor of the order. */
export async function storeProgress(
  tx: Transaction,
  { setCursor }: Pick<OrderTurn, 'setCursor'>,
  { order, progress }: { readonly order: Pick<Order, 'id' | 'nextLine'>; readonly progress: OrderProgress },
): Promise<void> {
  const nextLine = firstOpenLine(progress);
  if (nextLine > order.nextLine) await tx.moveCursor(order.id, nextLine);
  await setCursor(tx, writeProgress(progress));
}
