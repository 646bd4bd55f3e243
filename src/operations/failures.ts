/**
 * The failures of all operations. `src/http/api/problems.ts` has one line for each; a missing one
 * does not compile.
 */
import type { Rejection } from '../issuance/prepare.js';
import type { SignerUnavailable } from '../ports/signer.js';
import type { StoreFailure } from '../ports/store/failure.js';

export type OperationFailure =
  | Rejection
  | StoreFailure
  | { readonly kind: 'not-permitted'; readonly rule: string; readonly detail: string }
  | { readonly kind: 'not-found'; readonly detail: string }
  | { readonly kind: 'invalid-request'; readonly pointer: string; readonly rule: string; readonly detail: string }
  | { readonly kind: 'state-conflict'; readonly rule: string; readonly detail: string }
  | { readonly kind: 'in-progress'; readonly retryAfterMs: number }
  | { readonly kind: 'idempotency-mismatch' }
  | SignerUnavailable
  /** The clock was set back. Nothing is issued until it is right (`clock.ts`). */
  | { readonly kind: 'clock-behind'; readonly retryAfterMs: number; readonly detail: string }
  /**
   * A fault of ours that was found before it did harm: a failed lint, or a refused or wrong
   * signature.
   */
  | { readonly kind: 'internal-error'; readonly detail: string };
