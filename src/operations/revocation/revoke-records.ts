/** Revokes certificates in a transaction of the caller, who has decided that they are revoked. */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { decideTransition, type LifecycleEvent } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { giveUpClaims } from '../issuance/give-up-claims.js';

type Revocation = Pick<Extract<LifecycleEvent, { readonly kind: 'revoke' }>, 'reason'> & {
  readonly actor: string;
  readonly at: Instant;
};

/**
 * Returns those that were not revoked before, in their new state. The caller tells endpoints of
 * them, and publishes their statuses after the commit.
 */
export async function revokeRecords(
  tx: Transaction,
  records: readonly CertificateRecord[],
  { reason, actor, at }: Revocation,
): Promise<readonly CertificateRecord[]> {
  const revoked = records.flatMap((record) => {
    const next = decideTransition(record.state, { kind: 'revoke', at, reason, invalidityDate: null });
    return next.ok ? [{ ...record, state: next.value }] : [];
  });
  if (revoked.length === 0) return [];
  const seqs = await tx.appendAudit(
    revoked.map(({ id, issuer, serial, state }) => ({
      at,
      type: 'certificate.revoked',
      actor,
      details: { id, issuer, serial, state },
    })),
  );
  const changes = revoked.map(({ id, state }, index) => ({
    id,
    state,
    auditSeq: present(seqs[index], 'number of the entry of a revocation'),
  }));
  await tx.setStates(changes, { at, actor });
  await giveUpClaims(tx, revoked, at);
  return revoked;
}
