/** Idempotency of operations that store a record in the transaction of its claim. */
import { present } from '../kernel/assert.js';
import type { Instant } from '../kernel/clock.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { ClaimRequest } from '../ports/store/idempotency.js';
import type { Store, Transaction } from '../ports/store.js';
import type { OperationFailure } from './failures.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

type ClaimedWork<Value> = {
  /** null: the request came without an Idempotency-Key. */
  readonly idempotency: ClaimRequest | null;
  readonly now: Instant;
  /** Stores the record. */
  readonly store: () => Outcome<Value>;
  /** The record of an earlier request with the same key. */
  readonly find: (id: string) => Promise<Value | null>;
  /**
   * Set where records are deleted as early as their claims. If the record goes first, the request
   * is a new one already.
   */
  readonly mayBeDeleted?: true;
};

/**
 * Executes work that may be repeated with the same body anyway. After its success, the key refuses
 * another body.
 */
export async function boundToKey<Value>(
  store: Store,
  request: ClaimRequest | null,
  work: () => Outcome<Value>,
): Outcome<Value> {
  if (request === null) return work();
  const known = await store.read((reads) => reads.peekClaims([request]));
  if (!known.ok) return known;
  if (known.value[0]?.kind === 'mismatch') return err({ kind: 'idempotency-mismatch' });
  const done = await work();
  if (!done.ok) return done;
  const bound = await store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const [outcome] = await tx.claimIdempotency([request], now);
    if (outcome?.kind === 'claimed') await tx.finishClaims([{ claim: request.claim, result: null }]);
  });
  return bound.ok ? done : bound;
}

/** Stores the record, or returns the one of an earlier request with the same key. */
export async function claimOnce<Value extends { readonly id: string }>(
  tx: Transaction,
  { idempotency, now, store, find, mayBeDeleted }: ClaimedWork<Value>,
): Outcome<Value> {
  if (idempotency === null) return store();
  const { claim } = idempotency;
  const storeForClaim = async (): Outcome<Value> => {
    const stored = await store();
    if (stored.ok) await tx.finishClaims([{ claim, result: { id: stored.value.id } }]);
    else await tx.releaseClaims([claim]);
    return stored;
  };
  const [found] = await tx.claimIdempotency([idempotency], now);
  const outcome = present(found, 'outcome of a claim');
  switch (outcome.kind) {
    case 'claimed':
      return storeForClaim();
    case 'mismatch':
      return err({ kind: 'idempotency-mismatch' });
    case 'in-progress':
      return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
    case 'done': {
      const { id } = outcome.result as { readonly id: string };
      const record = await find(id);
      if (record === null && mayBeDeleted === true) return storeForClaim();
      return ok(present(record, 'record of a finished claim'));
    }
  }
}
