/**
 * Ends an order whose lines all have their outcomes. The results and the bundle are hashed first,
 * outside of a transaction, because nothing of them can change any more. The receipt, which has the
 * hashes, is signed later (`sign-receipt.ts`), so that no order waits for the platform token.
 */
import { createHash } from 'node:crypto';
import type { Instant } from '../../kernel/clock.js';
import { ok, type Result } from '../../kernel/result.js';
import { decideOrder } from '../../lifecycle/order-states.js';
import { orderEvent } from '../../orders/webhooks.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Order } from '../../ports/store/orders.js';
import type { World } from '../world.js';
import { bundlePages, type Pages, settledPages } from './line-pages.js';
import { orderDetails } from './order-details.js';
import { openLinesOf } from './read.js';

export type FinishingWorld = Pick<World, 'store' | 'issuers' | 'policy' | 'clock'> & {
  /** Whether the work has to stop; it then begins again later. */
  readonly mustEnd: () => boolean;
};

/**
 * Returns the order as it is afterwards; it has not ended if a line is open, or if it is paused.
 * null: the work had to stop, or the order was changed meanwhile.
 */
export async function finishOrder(world: FinishingWorld, id: string): Promise<Result<Order | null, StoreFailure>> {
  const found = await world.store.read(async (reads) => ({
    order: await reads.order(id),
    now: (await reads.databaseClock()).now,
  }));
  if (!found.ok) return found;
  const { order, now } = found.value;
  const state = order === null ? null : endOf(order, now);
  if (order === null || state === null) return ok(order);
  const results = settledPages(world, { id, from: 1, before: order.lines + 1 });
  const resultsSha256 = await hashOf(world, results, ({ result }) => result);
  if (!resultsSha256.ok) return resultsSha256;
  if (resultsSha256.value === null) return ok(null);
  // A dry run has no certificates, and so neither a bundle nor a receipt.
  if (order.dryRun) return end(world, order, { state, resultsSha256: resultsSha256.value, bundleSha256: null });
  const bundleSha256 = await hashOf(world, bundlePages(world, order), (line) => line);
  if (!bundleSha256.ok) return bundleSha256;
  if (bundleSha256.value === null) return ok(null);
  return end(world, order, { state, resultsSha256: resultsSha256.value, bundleSha256: bundleSha256.value });
}

type EndState = 'finished' | 'cancelled';

/** The state in which the order ends now; null: it has ended, or must not end yet. */
function endOf(order: Order, now: Instant): EndState | null {
  if (order.finishedAt !== null || openLinesOf(order) > 0) return null;
  const isLate = order.state !== 'cancelling' && order.deadlineAt !== null && now >= order.deadlineAt;
  const state = decideOrder(order.state, isLate ? 'expire' : 'finish');
  return state.ok && (state.value === 'finished' || state.value === 'cancelled') ? state.value : null;
}

/** SHA-256 of NDJSON: each text with its LF. null: the work had to stop. */
async function hashOf<Item>(
  { mustEnd }: FinishingWorld,
  pages: Pages<Item>,
  textOf: (item: Item) => string,
): Promise<Result<string | null, StoreFailure>> {
  const hash = createHash('sha256');
  for await (const page of pages) {
    if (!page.ok) return page;
    if (mustEnd()) return ok(null);
    for (const item of page.value) hash.update(`${textOf(item)}\n`);
  }
  return ok(hash.digest('hex'));
}

type OrderEnd = Pick<Order, 'resultsSha256' | 'bundleSha256'> & { readonly state: EndState };

function end(
  { store, clock }: FinishingWorld,
  order: Order,
  ended: OrderEnd,
): Promise<Result<Order | null, StoreFailure>> {
  const { id, version } = order;
  return store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const changes = { ...ended, stateAt: now, finishedAt: now, pausedBy: null };
    if (!(await tx.changeOrder(id, version, changes))) return null;
    const details = { ...orderDetails(order), ...ended };
    await tx.appendAudit([{ at: clock(), type: 'order.finished', actor: 'system', details }]);
    const changed = { ...order, ...changes, version: version + 1 };
    await tx.publish([orderEvent(`order.${ended.state}`, changed, now)]);
    return changed;
  });
}
