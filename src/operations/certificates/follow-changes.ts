/**
 * What has happened to certificates since an entry of the audit log, for systems that follow. It is
 * not recorded in the audit log: a system asks again and again, and names nobody.
 */
import { decideAccess } from '../../access/decide.js';
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateChange, CertificateChanges } from '../../ports/store/certificates.js';
import { violation } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type ShownSummary, withRenewals } from './summarise.js';

export type FollowedChange = CertificateChange & { readonly certificate: ShownSummary };

type FollowedChanges = Pick<CertificateChanges, 'next'> & {
  /** In the order of their entries. */
  readonly changes: readonly FollowedChange[];
  /** Whether the audit log goes on after `next`. There need not be a change in the rest of it. */
  readonly more: boolean;
};

/**
 * Changes after entry number `after`, in the order of the audit log, as far as the account may find
 * the certificates. 0: from the beginning. A number after the end of the log is refused: it comes
 * from another database, or from one that was restored since, and the system has to begin again.
 */
export async function followChanges(
  { store }: Pick<World, 'store'>,
  account: Account,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Result<FollowedChanges, OperationFailure>> {
  const permitted = decideAccess(account, 'find', null);
  if (!permitted.ok) return permitted;
  const read = await store.read(async (reads): Promise<Result<FollowedChanges, OperationFailure>> => {
    // The head is read first: whatever has a number up to it is visible, and stays as it is.
    const { seq: until } = await reads.auditHead();
    if (after > until) return err({ kind: 'invalid-request', ...violation('?/after', 'entry-known', { last: until }) });
    const found = await reads.certificateChanges({ after, until, limit, scope: account.scope });
    const shown = await withRenewals(
      reads,
      found.changes.map(({ certificate }) => certificate),
    );
    const changes = found.changes.map((change, at) => ({ ...change, certificate: present(shown[at], 'its summary') }));
    return ok({ changes, next: found.next, more: found.next < until });
  });
  return read.ok ? read.value : read;
}
