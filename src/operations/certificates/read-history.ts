/** Reads the life of a certificate: its changes of status, its audit entries and its renewals. */
import { decideAccess, rolesPermit, subjectOf } from '../../access/decide.js';
import type { AuditEntry } from '../../audit/entry.js';
import { present } from '../../kernel/assert.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import { lineOfClaim, type OrderLine } from '../../orders/progress.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { NumberedStatusEvent } from '../../ports/store/statuses.js';
import type { Reads } from '../../ports/store.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type ShownSummary, summaryOf, withRenewals } from './summarise.js';

export type CertificateHistory = {
  readonly certificate: ShownSummary;
  /** In the order of their commits. */
  readonly events: readonly NumberedStatusEvent[];
  /** Newest first, 200 at most; null: the account may not read the audit log. */
  readonly entries: readonly AuditEntry[] | null;
  /** The certificate that it renews, and those that renew it; as far as the account sees them. */
  readonly renews: ShownSummary | null;
  readonly renewedBy: readonly ShownSummary[];
  /** null: it was issued by a single request. */
  readonly order: OrderLine | null;
};

export async function readCertificateHistory(
  { store }: Pick<World, 'store'>,
  account: Account,
  id: string,
): Promise<Result<CertificateHistory, OperationFailure>> {
  const read = await store.read(async (reads): Promise<CertificateHistory | null> => {
    const record = await reads.certificateById(id);
    if (record === null || !isFound(account, record)) return null;
    const [renewed] = record.renews === null ? [] : await reads.certificatesByIds([record.renews]);
    const renewals = (await reads.renewalsOf(id)).filter((one) => isFound(account, one));
    const older = renewed !== undefined && isFound(account, renewed) ? [renewed] : [];
    const shown = await withRenewals(reads, [record, ...older, ...renewals].map(summaryOf));
    return {
      certificate: present(shown[0], 'its summary'),
      events: await reads.statusEvents(id),
      entries: rolesPermit(account.roles, 'read-audit') ? await entriesAbout(reads, id) : null,
      renews: older.length === 0 ? null : present(shown[1], 'its summary'),
      renewedBy: shown.slice(1 + older.length),
      order: lineOfClaim(record.claim),
    };
  });
  if (!read.ok) return read;
  return read.value === null ? err(notFound('no-certificate', { id })) : ok(read.value);
}

/** Whether the record is a certificate that the account may find. */
export function isFound(account: Account, record: CertificateRecord): boolean {
  return isCertificate(record) && decideAccess(account, 'find', subjectOf(record)).ok;
}

async function entriesAbout(reads: Pick<Reads, 'searchAudit'>, id: string): Promise<readonly AuditEntry[]> {
  const page = await reads.searchAudit({ id, limit: LIMITS.searchPageSizeMax });
  return page.ok ? page.value.items : [];
}
