/** What the page of a certificate shows. */
import { isRole, REVOCATION_REASONS } from '../../../access/roles.js';
import { present } from '../../../kernel/assert.js';
import type { Bytes } from '../../../kernel/bytes.js';
import { ok, type Result } from '../../../kernel/result.js';
import { type CertificateStatus, statusOf } from '../../../lifecycle/status.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { readCertificate } from '../../../operations/read.js';
import { suspensionAllowed } from '../../../operations/revocation/revoke.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { assembleCertificate } from '../../../x509/certificate/certificate-writer.js';
import type { PageRequest } from '../../page.js';

export type CertificateData = {
  readonly record: CertificateRecord;
  readonly status: CertificateStatus;
  /** The whole certificate, DER. */
  readonly der: Bytes;
  /** DER certificates from its issuer up to the root. */
  readonly chain: readonly Bytes[];
  readonly canBeSuspended: boolean;
  /** The reasons that the account may give. */
  readonly reasons: readonly RevocationReason[];
};

export async function loadCertificate(
  { world }: ServingContext,
  { account, params }: PageRequest,
): Promise<Result<CertificateData, OperationFailure>> {
  const found = await readCertificate(world, account, params.id ?? '');
  if (!found.ok) return found;
  const record = found.value;
  const issuer = present(world.issuers.byId(record.issuer), 'issuer of a record');
  const signature = present(record.signature, 'signature of a certificate');
  return ok({
    record,
    status: present(statusOf(record, world.clock()), 'status of a certificate'),
    der: assembleCertificate(record.tbs, issuer.signatureAlgorithm, signature),
    chain: world.issuers.chain(record.issuer),
    canBeSuspended: suspensionAllowed(world, record.profile),
    reasons: account.roles.flatMap((role) => (isRole(role) ? REVOCATION_REASONS[role] : [])),
  });
}
