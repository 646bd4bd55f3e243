/** Checks of operations that officers decide at a terminal. */
import { accountFault } from '../access/account.js';
import { decideAccess } from '../access/decide.js';
import type { Action } from '../access/roles.js';
import type { Instant } from '../kernel/clock.js';
import type { Account } from '../ports/store/accounts.js';
import type { Transaction } from '../ports/store.js';

type OfficersNeeded = { readonly count: 1 | 2; readonly action: Action; readonly now: Instant };

/**
 * Returns why these accounts may not decide it. null: they are as many different accounts as
 * needed, and each of them may do it now.
 */
export async function officersFault(
  tx: Pick<Transaction, 'accounts'>,
  officers: readonly string[],
  { count, action, now }: OfficersNeeded,
): Promise<string | null> {
  if (officers.length !== count || new Set(officers).size !== count)
    return count === 1 ? 'name one officer' : 'name two different officers';
  const accounts = await tx.accounts();
  for (const id of officers) {
    const account = accounts.find((one) => one.id === id);
    const fault = account === undefined ? 'there is no such account' : officerFault(account, { action, now });
    if (fault !== null) return `${id}: ${fault}`;
  }
  return null;
}

function officerFault(account: Account, { action, now }: Pick<OfficersNeeded, 'action' | 'now'>): string | null {
  const ended = accountFault(account, now);
  if (ended !== null) return ended.message.en;
  const decision = decideAccess(account, action, null);
  return decision.ok ? null : decision.error.message.en;
}
