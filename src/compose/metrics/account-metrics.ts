import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Store } from '../../ports/store.js';

/** Sets the metric of the ends of accounts. A disabled account is left out. */
export async function reportAccounts(
  store: Pick<Store, 'read'>,
  { accountExpiry }: Pick<Metrics, 'accountExpiry'>,
): Promise<void> {
  const found = await store.read(async (reads) => {
    const { now } = await reads.databaseClock();
    return { now, accounts: await reads.accounts() };
  });
  if (!found.ok) return;
  const { now, accounts } = found.value;
  accountExpiry.reset();
  for (const { id, disabled, expiresAt } of accounts)
    if (!disabled && expiresAt !== null) accountExpiry.set({ account: id }, (expiresAt - now) / SECOND_MS);
}
