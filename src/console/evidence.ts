/**
 * The certificates that a revocation changes, and afterwards what relying parties get for them and
 * where the audit log has their changes.
 */
import type { Instant } from '../kernel/clock.js';
import { ok, type Result } from '../kernel/result.js';
import { statusOf } from '../lifecycle/certificate-states.js';
import { readCertificateHistory } from '../operations/certificates/read-history.js';
import type { OperationFailure } from '../operations/failures.js';
import type { AskedStatus, ServingContext } from '../operations/serving.js';
import type { Account } from '../ports/store/accounts.js';
import type { CertificateSummary } from '../ports/store/certificates.js';

export type Evidence = {
  readonly answers: readonly Result<AskedStatus, string>[];
  /** Numbers of the audit entries with the last changes of these certificates. */
  readonly entries: readonly number[];
};

export const NO_EVIDENCE: Evidence = { answers: [], entries: [] };

/** A person waits for the page, so OCSP is asked about a few certificates only. */
const ASKED_MAX = 3;

/** Evidence about the first revoked or suspended certificates; OCSP is asked about all at once. */
export async function evidenceOfRevoked(
  { askStatus, world }: Pick<ServingContext, 'askStatus' | 'world'>,
  account: Account,
  certificates: readonly CertificateSummary[],
): Promise<Result<Evidence, OperationFailure>> {
  const revoked = certificates.filter(({ state: { status } }) => status === 'revoked' || status === 'suspended');
  const asked = revoked.slice(0, ASKED_MAX);
  const answers = await Promise.all(asked.map(({ issuer, serial }) => askStatus(issuer, serial)));
  const entries: number[] = [];
  for (const { id } of asked) {
    const history = await readCertificateHistory(world, account, id);
    if (!history.ok) return history;
    entries.push(...history.value.events.slice(-1).map(({ auditSeq }) => auditSeq));
  }
  return ok({ answers, entries });
}

/** The certificates that are neither revoked nor over. */
export function liveOf(certificates: readonly CertificateSummary[], now: Instant): readonly CertificateSummary[] {
  return certificates.filter((certificate) => {
    const status = statusOf(certificate, now);
    return status !== 'revoked' && status !== 'expired';
  });
}
