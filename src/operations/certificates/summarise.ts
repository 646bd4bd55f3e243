/** What is left of a certificate where no name may be seen. */
import type { CertificateReads, CertificateRecord, CertificateSummary } from '../../ports/store/certificates.js';

/** A summary as it is shown, with the id of the newest certificate that renews it. */
export type ShownSummary = CertificateSummary & { readonly renewedBy: string | null };

export function summaryOf(record: CertificateRecord): CertificateSummary {
  const { id, issuer, serial, profile, state, notBefore, notAfter, createdAt } = record;
  const { holderId, structureId, cardTokenId, accountId, claim, renews, becomes, updateId, registrationId, keyType } =
    record;
  const certificate = { id, issuer, serial, profile, state, notBefore, notAfter, createdAt, becomes, keyType };
  return { ...certificate, holderId, structureId, cardTokenId, accountId, claim, renews, updateId, registrationId };
}

/**
 * Adds what renews each of them. An account that may find a certificate may find its renewal, which
 * has the same holder and profile.
 */
export async function withRenewals(
  reads: Pick<CertificateReads, 'newestRenewals'>,
  summaries: readonly CertificateSummary[],
): Promise<readonly ShownSummary[]> {
  const renewals = await reads.newestRenewals(summaries.map(({ id }) => id));
  return summaries.map((summary) => ({ ...summary, renewedBy: renewals.get(summary.id) ?? null }));
}
