/**
 * Revokes certificates as superseded because others have taken their place, in the transaction of
 * a job. It decides nothing about access: an account or a card has asked for it before.
 */
import { SYSTEM } from '../../audit/actors.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { statusEvents } from '../../lifecycle/certificate-events.js';
import { decideTransition } from '../../lifecycle/transitions.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { giveUpClaims } from '../issuance/give-up-claims.js';

/** Returns those that were not revoked before, in their new state. */
export async function supersede(
  tx: Transaction,
  records: readonly CertificateRecord[],
  at: Instant,
): Promise<readonly CertificateRecord[]> {
  const revoked = records.flatMap((record) => {
    const next = decideTransition(record.state, { kind: 'revoke', at, reason: 'superseded', invalidityDate: null });
    return next.ok ? [{ ...record, state: next.value }] : [];
  });
  if (revoked.length === 0) return [];
  const seqs = await tx.appendAudit(
    revoked.map(({ id, issuer, serial, state }) => ({
      at,
      type: 'certificate.revoked',
      actor: SYSTEM,
      details: { id, issuer, serial, state },
    })),
  );
  const changes = revoked.map(({ id, state }, index) => ({
    id,
    state,
    auditSeq: present(seqs[index], 'number of the entry of a revocation'),
  }));
  await tx.setStates(changes, { at, actor: SYSTEM });
  await giveUpClaims(tx, revoked, at);
  await tx.publish(statusEvents(revoked, at));
  return revoked;
}
