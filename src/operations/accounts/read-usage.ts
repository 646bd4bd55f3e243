/** What an account uses now of what it may use, and what it did last. */

import { firstHourOf, usedBy } from '../../access/account.js';
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditEntry } from '../../audit/entry.js';
import { LIMITS } from '../../kernel/limits.js';
import type { Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** `used` of at most `max`. */
export type Quota = { readonly used: number; readonly max: number };

export type AccountUsage = {
  /** null: the account has no such limit. */
  readonly certificatesThisHour: Quota | null;
  readonly certificatesToday: Quota | null;
  readonly liveOrders: Quota;
  readonly openLines: Quota;
  readonly openApprovals: Quota;
  /** The newest audit entries of which it is the actor. */
  readonly entries: readonly AuditEntry[];
};

const ENTRIES_MAX = 20;

export async function readAccountUsage(
  { store, policy, clock }: Pick<World, 'store' | 'policy' | 'clock'>,
  account: Account,
  id: string,
): Promise<Result<AccountUsage, OperationFailure>> {
  const permitted = decideAccess(account, 'read-accounts', null);
  if (!permitted.ok) return permitted;
  const now = clock();
  const { liveOrdersMax, openLinesMax } = policy.environment.orders;
  return store.read(async (reads) => {
    const orders = await reads.orderUse(id);
    const approvals = await reads.countOpenApprovals();
    const entries = await reads.searchAudit({ actor: accountActor(id), limit: ENTRIES_MAX });
    const { perHour = null, perDay = null } = (await reads.accounts()).find((one) => one.id === id)?.limits ?? {};
    const used = usedBy(id, await reads.accountUse([id], firstHourOf(now)), now);
    const requested = approvals.filter(({ requestedBy }) => requestedBy === id);
    return {
      certificatesThisHour: perHour === null ? null : { used: used.hour, max: perHour },
      certificatesToday: perDay === null ? null : { used: used.day, max: perDay },
      liveOrders: { used: orders.orders, max: liveOrdersMax },
      openLines: { used: orders.openLines, max: openLinesMax },
      openApprovals: {
        used: requested.reduce((sum, { count }) => sum + count, 0),
        max: LIMITS.openApprovalsPerRequesterMax,
      },
      entries: entries.ok ? entries.value.items : [],
    };
  });
}
