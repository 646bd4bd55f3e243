/** Checks of operations that officers decide at a terminal. */
import { decideAccess } from '../access/decide.js';
import type { Action } from '../access/roles.js';
import type { Account } from '../ports/store/accounts.js';
import type { Transaction } from '../ports/store.js';

type OfficersNeeded = { readonly count: 1 | 2; readonly action: Action };

/**
 * Returns why these accounts may not decide it. null: they are as many different accounts as
 * needed, and each of them may do it.
 */
export async function officersFault(
  tx: Pick<Transaction, 'accounts'>,
  officers: readonly string[],
  { count, action }: OfficersNeeded,
): Promise<string | null> {
  if (officers.length !== count || new Set(officers).size !== count)
    return count === 1 ? 'name one officer' : 'name two different officers';
  const accounts = await tx.accounts();
  for (const id of officers) {
    const account = accounts.find((one) => one.id === id);
    const fault = accountFault(account, action);
    if (fault !== null) return `${id}: ${fault}`;
  }
  return null;
}

function accountFault(account: Account | undefined, action: Action): string | null {
  if (account === undefined) return 'there is no such account';
  const decision = decideAccess(account, action, null);
  return decision.ok ? null : decision.error.message.en;
}
