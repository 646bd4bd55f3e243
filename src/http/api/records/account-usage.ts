/** The handler that reads how much of its limits an account uses now. */
import { ok } from '../../../kernel/result.js';
import { readAccount } from '../../../operations/accounts/read-accounts.js';
import { readAccountUsage } from '../../../operations/accounts/read-usage.js';
import type { Handler } from '../handler.js';

export const getAccountUsage: Handler = async ({ world }, { account, params }) => {
  const known = await readAccount(world, account, params.id ?? '');
  if (!known.ok) return known;
  const read = await readAccountUsage(world, account, known.value.id);
  if (!read.ok) return read;
  const { entries: _entries, ...quotas } = read.value;
  return ok(quotas);
};
