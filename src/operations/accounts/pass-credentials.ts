/**
 * A certificate that has renewed itself may be a credential of an account. Its new key becomes a
 * credential of this account in the transaction that makes the new certificate `issued`, so that
 * the account can always sign in. Holder and rights stay the same, so nobody has to approve it. The
 * old credential stays until its certificate ends, and is dropped by the renewal after that. An
 * account that is disabled or has expired gets no credential: its key may be in the wrong hands,
 * and the new one would count as soon as the account is enabled again.
 */
import { accountFault } from '../../access/account.js';
import type { Instant } from '../../kernel/clock.js';
import { isKeyProven } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { ownerOfKeys } from './change-account.js';

/** `actor`: the certificate that has renewed itself. */
type SelfRenewed = { readonly record: CertificateRecord; readonly actor: string };

type Credential = Account['credentials'][number];

/** `renewed`: what this transaction makes `issued`. Other renewals are skipped. */
export async function passCredentials(tx: Transaction, renewed: readonly SelfRenewed[], at: Instant): Promise<void> {
  for (const { record, actor } of renewed) {
    if (!record.selfRenewal || record.renews === null) continue;
    const [old] = await tx.certificatesByIds([record.renews]);
    const account = old === undefined ? null : await tx.accountByCredential(old.issuer, old.spkiSha256);
    if (old === undefined || account === null || accountFault(account, at) !== null) continue;
    const credential = credentialOf(record);
    const credentials = [...(await withoutEnded(tx, account.credentials, at)), credential];
    const after = { ...account, credentials };
    // A key of another account stays with it: two accounts count as two people.
    if (ownerOfKeys(await tx.accounts(), after) !== null) continue;
    await tx.updateAccount(after);
    const details = { account: account.id, old: credentialOf(old), new: credential, certificate: record.id };
    await tx.appendAudit([{ at, type: 'account.credential-renewed', actor, details }]);
  }
}

function credentialOf({ issuer, spkiSha256 }: CertificateRecord): Credential {
  return { issuer, spkiSha256 };
}

/**
 * Leaves out credentials whose certificates have all expired. The database has none of a CA outside
 * of the platform.
 */
async function withoutEnded(
  tx: Pick<Transaction, 'certificatesByKeys'>,
  credentials: readonly Credential[],
  at: Instant,
): Promise<readonly Credential[]> {
  const onKeys = await tx.certificatesByKeys(credentials.map(({ spkiSha256 }) => spkiSha256));
  const records = onKeys.filter(isKeyProven);
  return credentials.filter(({ issuer, spkiSha256 }) => {
    const own = records.filter((one) => one.issuer === issuer && one.spkiSha256 === spkiSha256);
    return own.length === 0 || own.some(({ notAfter }) => notAfter >= at);
  });
}
