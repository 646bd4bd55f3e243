/** Idempotency claims: a request that is sent twice is executed once. */
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';

export type IdempotencyClaim = { readonly account: string; readonly route: string; readonly key: string };

export type ClaimRequest = { readonly claim: IdempotencyClaim; readonly bodySha256: string };

export type IdempotencyOutcome =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'done'; readonly result: Json };

export type IdempotencyReads = {
  /**
   * What `claimIdempotency` would find, without claiming: `claimed` means that the key is unused.
   */
  readonly peekClaims: (requests: readonly ClaimRequest[]) => Promise<readonly IdempotencyOutcome[]>;
};

export type IdempotencyWrites = {
  /**
   * Returns an outcome for each request, in their order. If several requests have one key, the
   * first claims it.
   */
  readonly claimIdempotency: (
    requests: readonly ClaimRequest[],
    now: Instant,
  ) => Promise<readonly IdempotencyOutcome[]>;
  readonly finishClaims: (
    finished: readonly { readonly claim: IdempotencyClaim; readonly result: Json }[],
  ) => Promise<void>;
  readonly releaseClaims: (claims: readonly IdempotencyClaim[]) => Promise<void>;
  /**
   * Deletes at most `limit` finished claims that were made before this time, the oldest first.
   * Returns their number.
   */
  readonly deleteFinishedClaims: (before: Instant, limit: number) => Promise<number>;
};
