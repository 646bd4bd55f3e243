/** The cards of campaigns that an account may see: its scope has a certificate on each. */
import { decideAccess, isUnlimited, subjectOf } from '../../access/decide.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Reads } from '../../ports/store.js';

/** Which of these cards the account sees. Certificates are read only for a limited scope. */
export async function seenCards(
  reads: Pick<Reads, 'certificatesOfCards'>,
  account: Account,
  tokenIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (isUnlimited(account.scope)) return new Set(tokenIds);
  const records = await reads.certificatesOfCards(tokenIds);
  const seen = records.filter((record) => isCertificate(record) && decideAccess(account, 'read', subjectOf(record)).ok);
  return new Set(seen.flatMap(({ cardTokenId }) => cardTokenId ?? []));
}
