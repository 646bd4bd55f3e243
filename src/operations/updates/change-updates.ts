/**
 * Confirms and abandons updates, in a transaction of the caller: state, certificates, procedure and
 * audit entries together, whether the card has spoken, two officers have decided, or a timer has.
 */
import { present } from '../../kernel/assert.js';
import { issuanceEvent, statusEvents } from '../../lifecycle/certificate-states.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { noteEndedCards, noteUpdates } from '../campaigns/update-hooks.js';
import { revokeRecords } from '../revocation/revoke-records.js';
import { confirmedMove, failedMove } from './campaign-moves.js';
import { changedEvent, type UpdateCause } from './update-entries.js';

/** An update with what its row and its entry say of the cause. */
export type ConfirmedUpdate = Pick<UpdateCause, 'endedBy' | 'statement'> & { readonly update: CardUpdate };

/**
 * The cards hold their new sets: pending certificates become issued, which no relying party is told
 * about. A new certificate that was revoked meanwhile stays revoked. The overlap begins.
 */
export async function confirmUpdates(
  tx: Transaction,
  confirmed: readonly ConfirmedUpdate[],
  { actor, now, at }: Pick<UpdateCause, 'actor' | 'now' | 'at'>,
): Promise<void> {
  if (confirmed.length === 0) return;
  const updates = confirmed.map(({ update }) => update);
  const records = await newCertificates(tx, updates);
  const seqs = await tx.appendAudit(
    confirmed.map(({ update, statement }) => changedEvent('update.confirmed', update, { actor, at, statement })),
  );
  const seqOf = new Map(updates.map(({ id }, index) => [id, present(seqs[index], 'number of the entry of an update')]));
  const pending = records.filter(({ state }) => state.status === 'pending');
  await tx.confirmCertificates(
    pending.map(({ id, issuer, updateId }) => ({
      id,
      issuer,
      auditSeq: present(seqOf.get(updateId ?? ''), 'update of a certificate'),
      at,
      actor,
    })),
  );
  await tx.publish(pending.map((record) => issuanceEvent(record, at)));
  await tx.changeUpdates(
    confirmed.map(({ update: { id, version, state, overlapMs }, endedBy }) => ({
      id,
      version,
      from: state,
      state: 'confirmed',
      stateAt: now,
      dueAt: now + overlapMs,
      endedBy,
    })),
  );
  await tx.closeProcedures(
    'update',
    updates.map(({ id }) => id),
  );
  await noteUpdates(
    tx,
    updates.map((update) => confirmedMove(update, now)),
    { actor, at: now },
  );
}

/**
 * The cards do not hold their new sets: these are revoked with cessationOfOperation. Returns the
 * revoked certificates, whose statuses the caller publishes after the commit.
 */
export async function abandonUpdates(
  tx: Transaction,
  updates: readonly CardUpdate[],
  cause: UpdateCause,
): Promise<readonly CertificateRecord[]> {
  if (updates.length === 0) return [];
  const { actor, endedBy, now, at } = cause;
  const records = await newCertificates(tx, updates);
  await tx.changeUpdates(
    updates.map(({ id, version, state }) => ({
      id,
      version,
      from: state,
      state: 'abandoned',
      stateAt: now,
      dueAt: null,
      endedBy,
    })),
  );
  await tx.closeProcedures(
    'update',
    updates.map(({ id }) => id),
  );
  await tx.appendAudit(updates.map((update) => changedEvent('update.abandoned', update, cause)));
  const revoked = await revokeRecords(tx, records, { reason: 'cessationOfOperation', actor, at });
  await tx.publish(statusEvents(revoked, at));
  await noteUpdates(tx, updates.map(failedMove), { actor, at: now });
  await noteEndedCards(
    tx,
    updates.map(({ cardTokenId }) => cardTokenId),
    { actor, at: now },
  );
  return revoked;
}

function newCertificates(
  tx: Pick<Transaction, 'certificatesByIds'>,
  updates: readonly CardUpdate[],
): Promise<readonly CertificateRecord[]> {
  return tx.certificatesByIds(updates.flatMap(({ newIds }) => newIds));
}
