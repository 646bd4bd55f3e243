/** What the pages of accounts show. */
import { ok, type Result } from '../../../kernel/result.js';
import { readAccount, type ShownAccount } from '../../../operations/accounts/read-accounts.js';
import { type AccountUsage, readAccountUsage } from '../../../operations/accounts/read-usage.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { PageRequest } from '../../page.js';

export type AccountsData = { readonly accounts: readonly ShownAccount[]; readonly next: string | null };

export type AccountData = { readonly account: ShownAccount; readonly usage: AccountUsage };

export async function loadAccount(
  { world }: ServingContext,
  { account, params }: PageRequest,
): Promise<Result<AccountData, OperationFailure>> {
  const found = await readAccount(world, account, params.id ?? '');
  if (!found.ok) return found;
  const usage = await readAccountUsage(world, account, found.value.id);
  return usage.ok ? ok({ account: found.value, usage: usage.value }) : usage;
}
