/** The result of an earlier request with the same idempotency key, as it is now. */
import { present } from '../../kernel/assert.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest, IdempotencyOutcome } from '../../ports/store/idempotency.js';
import type { GroupedWork, Reads, Store } from '../../ports/store.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

/** One read for simultaneous requests. */
const EARLIER: GroupedWork<Reads, ClaimRequest, IdempotencyOutcome> = {
  run: (reads, requests) => reads.peekClaims(requests),
};

/**
 * Returns the result of an earlier request with this key. Without an earlier request, it returns
 * the failure of the present one.
 */
export async function unlessDoneBefore(
  { store }: Pick<World, 'store'>,
  key: ClaimRequest | null,
  failure: OperationFailure,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  if (key === null) return err(failure);
  const found = await store.groupedRead(EARLIER, key);
  if (!found.ok) return found;
  if (found.value.kind === 'claimed') return err(failure);
  // It may be the claim of this request, whose commit was not confirmed.
  if (found.value.kind === 'in-progress' && failure.kind === 'database-unavailable') return err(failure);
  return resultOf(store, found.value);
}

export async function resultOf(
  store: Pick<Store, 'read'>,
  earlier: Exclude<IdempotencyOutcome, { readonly kind: 'claimed' }>,
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  if (earlier.kind === 'mismatch') return err({ kind: 'idempotency-mismatch' });
  if (earlier.kind === 'in-progress') return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
  // A finished claim stores the ids, in the order of the request.
  const { ids } = earlier.result as { readonly ids: readonly string[] };
  const found = await store.read((reads) => reads.certificatesByIds(ids));
  if (!found.ok) return found;
  return ok(
    ids.map((id) =>
      present(
        found.value.find((one) => one.id === id),
        'certificate of a finished claim',
      ),
    ),
  );
}
