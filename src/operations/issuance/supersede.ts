/**
 * What becomes of a certificate that has renewed itself where its profile says `supersede: revoke`:
 * it is revoked as superseded in the transaction that makes its successor `issued` (CMP: with the
 * confirmation), so that the old one is not valid from then on. Its client may ask once more for an
 * answer that was lost (`src/http/api/authenticate.ts`).
 */
import type { Instant } from '../../kernel/clock.js';
import { isExpired, statusEvents } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { revokeRecords } from '../revocation/revoke-records.js';
import type { World } from '../world.js';

type Renewal = Pick<CertificateRecord, 'profile' | 'renews' | 'selfRenewal'>;

/** The ids of the certificates that these will supersede, with the present policy. */
export function supersededBy({ policy }: Pick<World, 'policy'>, renewals: readonly Renewal[]): readonly string[] {
  return renewals.flatMap(({ profile, renews, selfRenewal }) => {
    const isRevoked = policy.profiles.get(profile)?.enrolment?.supersede === 'revoke';
    return selfRenewal && isRevoked ? (renews ?? []) : [];
  });
}

/**
 * Returns those that are revoked by it. Certificates that have expired or were revoked are left as
 * they are.
 */
export async function revokeSuperseded(
  tx: Transaction,
  ids: readonly string[],
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<readonly CertificateRecord[]> {
  const superseded: CertificateRecord[] = [];
  for (const id of ids) {
    const record = await tx.lockCertificate(id);
    if (record !== null && !isExpired(record.notAfter, at)) superseded.push(record);
  }
  const revoked = await revokeRecords(tx, superseded, { reason: 'superseded', actor, at });
  await tx.publish(statusEvents(revoked, at));
  return revoked;
}
