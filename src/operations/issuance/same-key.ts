/**
 * Whoever has a private key has it of every certificate on it: what is revoked for keyCompromise takes the other certificates of
 * its key with it (a key may serve one holder several times), in the same transaction and each with its audit entry, whether or
 * not the account may see them. An open intent becomes revoked too: its signature may be on its way.
 */
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideTransition, type LifecycleEvent } from '../../lifecycle/transitions.js';
import type { AuditEvent } from '../../ports/store/audit.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { Transaction } from '../../ports/store.js';
import type { OperationFailure } from '../failures.js';

type RevokedKeys = {
  /** Whose keys are known to others now: those that were revoked, and those of the same card or holder that were so already. */
  readonly records: readonly CertificateRecord[];
  /** What was done to them. */
  readonly event: LifecycleEvent;
  readonly actor: string;
  readonly at: Instant;
};

/** The others, as they are now. */
export async function revokeSameKeys(
  tx: Pick<Transaction, 'certificatesByKeys' | 'setState' | 'appendAudit' | 'releaseClaims'>,
  { records, event, actor, at }: RevokedKeys,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const known = new Set(records.map(({ id }) => id));
  const found = await tx.certificatesByKeys([...new Set(records.map(({ spkiSha256 }) => spkiSha256))]);
  const others: CertificateRecord[] = [];
  const events: AuditEvent[] = [];
  for (const record of found) {
    if (known.has(record.id) || record.state.status === 'revoked') continue;
    const next = decideTransition(record.state, event);
    if (!next.ok) return err(next.error);
    await tx.setState(record.id, next.value, { at, actor });
    const { id, issuer, serial, spkiSha256 } = record;
    const details = { id, issuer, serial, state: { ...next.value }, sameKey: spkiSha256 };
    events.push({ at, type: 'certificate.revoked', actor, outcome: 'success', details });
    others.push({ ...record, state: next.value });
  }
  if (events.length > 0) await tx.appendAudit(events);
  await tx.releaseClaims(claimsOfOpen(others));
  return ok(others);
}

/**
 * Idempotency keys of intents that were revoked before they were certificates. Whoever comes back for one is not told for ever that
 * it is in progress: its process may be dead, and then nobody else gives the key back (`store-signatures.ts` does where it lives).
 */
export function claimsOfOpen(revoked: readonly CertificateRecord[]): readonly IdempotencyClaim[] {
  const claims = revoked.flatMap(({ signature, claim }) => (signature !== null || claim === null ? [] : [claim]));
  return [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()];
}
