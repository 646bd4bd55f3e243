/**
 * A person who has a private key can use every certificate with it. So a revocation for
 * keyCompromise also revokes the other certificates with the same key (one holder may have
 * several), in the same transaction, each with its audit entry, whether or not the account may see
 * them. An open intent is revoked too, because its signature may be on its way. A certificate whose
 * key was never proven revokes no other: the key may be that of somebody else.
 */
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import {
  decideTransition,
  isKeyProven,
  type LifecycleEvent,
  statusEvents,
} from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { appendEntry } from '../append-entry.js';
import type { OperationFailure } from '../failures.js';
import { followRevocations } from '../updates/end-updates.js';
import { giveUpClaims } from './give-up-claims.js';

type RevokedKeys = {
  /**
   * Certificates whose keys are now known to others: the revoked ones, and those of the same card
   * or holder that were revoked before.
   */
  readonly records: readonly CertificateRecord[];
  /** The event that was applied to them. */
  readonly event: LifecycleEvent;
  readonly actor: string;
  readonly at: Instant;
};

/** Returns the other certificates in their new state. */
export async function revokeSameKeys(
  tx: Transaction,
  { records, event, actor, at }: RevokedKeys,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const known = new Set(records.map(({ id }) => id));
  const proven = records.filter(isKeyProven);
  const found = await tx.certificatesByKeys([...new Set(proven.map(({ spkiSha256 }) => spkiSha256))]);
  const others: CertificateRecord[] = [];
  for (const record of found) {
    if (known.has(record.id) || record.state.status === 'revoked') continue;
    const next = decideTransition(record.state, event);
    if (!next.ok) return err(next.error);
    const { id, issuer, serial, spkiSha256 } = record;
    const details = { id, issuer, serial, state: next.value, sameKey: spkiSha256 };
    const auditSeq = await appendEntry(tx, { at, type: 'certificate.revoked', actor, details });
    await tx.setState(id, next.value, { at, actor, auditSeq });
    others.push({ ...record, state: next.value });
  }
  await giveUpClaims(tx, others, at);
  await followRevocations(tx, others, { actor, at });
  await tx.publish(statusEvents(others, at));
  return ok(others);
}
