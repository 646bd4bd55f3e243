/** Ends approvals that no second officer has decided in time. */
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';
import { endApproval } from './end.js';

/** Other transactions wait for the end of this one. */
const APPROVALS_PER_TRANSACTION = 100;

/** Ends some of them. Returns whether there may be more. */
export function expireApprovals({
  store,
  clock,
}: Pick<World, 'store' | 'clock'>): Promise<Result<boolean, StoreFailure>> {
  return store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const late = await tx.approvalsPastEnd(now, APPROVALS_PER_TRANSACTION);
    for (const approval of late)
      await endApproval({ tx, clock }, approval, { state: 'expired', endedAt: now, reason: null, result: null });
    return late.length === APPROVALS_PER_TRANSACTION;
  });
}
