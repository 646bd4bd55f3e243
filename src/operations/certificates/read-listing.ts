/** What the newest CRL says of a certificate. */
import { ok, type Result } from '../../kernel/result.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CrlRecord } from '../../ports/store/crls.js';
import type { NumberedStatusEvent } from '../../ports/store/statuses.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type Listing = {
  readonly crl: CrlRecord;
  /**
   * `later`: the last change came after the CRL was made, and the next one has it. `unknown`: the
   * CRL is from a ceremony, which does not record what it has seen.
   */
  readonly says: 'listed' | 'not-listed' | 'later' | 'unknown';
};

/**
 * null: no CRL has been published for it. `record`: a certificate that the account may see;
 * `events`: all changes of its status.
 */
export async function readListing(
  { store }: Pick<World, 'store'>,
  record: CertificateRecord,
  events: readonly NumberedStatusEvent[],
): Promise<Result<Listing | null, OperationFailure>> {
  const { issuer, crlPartition } = record;
  const crl = await store.read((reads) => reads.latestCrl(issuer, scopeOf('full', crlPartition)));
  if (!crl.ok || crl.value === null) return crl.ok ? ok(null) : crl;
  return ok({ crl: crl.value, says: whatCrlSays(crl.value, record, events) });
}

/**
 * The content of a CRL follows from what it has seen (`ListSeen`), so the file need not be read:
 * it may have a million entries.
 */
export function whatCrlSays(
  { seen }: Pick<CrlRecord, 'seen'>,
  { state, notAfter }: Pick<CertificateRecord, 'state' | 'notAfter'>,
  events: readonly Pick<NumberedStatusEvent, 'change'>[],
): Listing['says'] {
  if (seen === null) return 'unknown';
  if (events.some(({ change }) => change !== null && change > seen.change)) return 'later';
  const isRevoked = state.status === 'revoked' || state.status === 'suspended';
  return isRevoked && (notAfter >= seen.listedSince || state.at >= seen.listedSince) ? 'listed' : 'not-listed';
}
