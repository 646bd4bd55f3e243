/**
 * Removes the parts of uploads, which hold names of people: at once when an upload is discarded,
 * and some time after the end of an order. Outcomes are kept as long as certificates.
 */
import { DAY_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';

/** For this long after the end of an order, its upload can still be examined. */
export const PARTS_KEPT_MS = 30 * DAY_MS;
/** Other transactions wait for the end of this one: 25 MB. */
const PARTS_PER_TRANSACTION = 100;

/** Returns whether there may be more. */
export async function removeOldParts({ store }: Pick<World, 'store'>): Promise<Result<boolean, StoreFailure>> {
  return store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const [id] = await tx.ordersWithOldParts(now - PARTS_KEPT_MS, 1);
    if (id === undefined) return false;
    await tx.deleteParts(id, PARTS_PER_TRANSACTION);
    return true;
  });
}
