/** What is left of a certificate where no name may be seen. */
import type { CertificateRecord, CertificateSummary } from '../../ports/store/certificates.js';

export function summaryOf(record: CertificateRecord): CertificateSummary {
  const { id, issuer, serial, profile, state, notBefore, notAfter, createdAt } = record;
  const { holderId, structureId, cardTokenId, accountId, claim, renews, becomes, updateId, registrationId, keyType } =
    record;
  const certificate = { id, issuer, serial, profile, state, notBefore, notAfter, createdAt, becomes, keyType };
  return { ...certificate, holderId, structureId, cardTokenId, accountId, claim, renews, updateId, registrationId };
}
