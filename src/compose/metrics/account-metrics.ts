import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Store } from '../../ports/store.js';

/**
 * The metrics have at most this many certificates of accounts, those that end first. More of them
 * would make the metrics slow.
 */
const CERTIFICATES_MAX = 1_000;

/** Sets the metrics of the ends of enabled accounts and of their certificates. */
export async function reportAccounts(
  store: Pick<Store, 'read'>,
  { accountEnd, setCertificateEnds }: Pick<Metrics, 'accountEnd' | 'setCertificateEnds'>,
): Promise<void> {
  const found = await store.read(async (reads) => ({
    accounts: await reads.accounts(),
    certificates: await reads.accountCertificateEnds(CERTIFICATES_MAX),
  }));
  if (!found.ok) return;
  const { accounts, certificates } = found.value;
  accountEnd.reset();
  for (const { id, disabled, expiresAt } of accounts)
    if (!disabled && expiresAt !== null) accountEnd.set({ account: id }, expiresAt / SECOND_MS);
  const ends = certificates.map(({ account, serial, notAfter }) => ({ name: account, serial, notAfter }));
  setCertificateEnds('account', ends);
}
