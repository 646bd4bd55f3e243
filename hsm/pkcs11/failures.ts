import { unreachable } from '../../src/kernel/assert.js';

/** A PKCS#11 call that did not return CKR_OK. */
export type Pkcs11Failed = { readonly kind: 'pkcs11-failed'; readonly operation: string; readonly ckr: string };

/**
 * Failures of a token. `ckr` is the name of the PKCS#11 return value, `operation` the call that
 * returned it.
 */
export type TokenFailure =
  | { readonly kind: 'module-not-loadable'; readonly path: string; readonly detail: string }
  | Pkcs11Failed
  | { readonly kind: 'token-busy'; readonly directory: string; readonly owner: string; readonly waitedMs: number }
  | { readonly kind: 'token-not-found'; readonly label: string; readonly seen: readonly string[] }
  | { readonly kind: 'token-ambiguous'; readonly label: string; readonly count: number }
  | { readonly kind: 'token-exists'; readonly label: string }
  | { readonly kind: 'pin-refused'; readonly label: string; readonly ckr: string }
  /** The PIN is exposed, unreadable or was refused before. It was not sent to the token. */
  | { readonly kind: 'pin-not-usable'; readonly label: string; readonly detail: string }
  | { readonly kind: 'key-not-found'; readonly label: string }
  | { readonly kind: 'key-ambiguous'; readonly label: string; readonly count: number }
  | { readonly kind: 'key-exists'; readonly label: string }
  | {
      readonly kind: 'key-unfit';
      readonly label: string;
      readonly attribute: string;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly kind: 'key-mismatch'; readonly label: string; readonly detail: string }
  | { readonly kind: 'mechanism-missing'; readonly token: string; readonly mechanism: string; readonly wanted: string }
  | { readonly kind: 'signature-wrong'; readonly label: string };

/**
 * Carries a token's failure through synchronous PKCS#11 code. The signer turns it into a `Result`.
 */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly failure: TokenFailure;
  constructor(failure: TokenFailure) {
    super(describeTokenFailure(failure));
    this.failure = failure;
  }
}

/**
 * Runs a PKCS#11 call. If it fails, throws `TokenError` with the name of the call and its return
 * value: `C_Login: CKR_PIN_INCORRECT`. Any other error is a bug, and is thrown again.
 */
export function attempt<Value>(operation: string, act: () => Value): Value {
  try {
    return act();
  } catch (thrown) {
    const ckr = ckrOf(thrown);
    if (ckr === null) throw thrown;
    throw new TokenError({ kind: 'pkcs11-failed', operation, ckr });
  }
}

/**
 * Returns the CKR name in the message of an error of pkcs11js; null: the error is not about a
 * return value.
 */
export function ckrOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  return /CKR_[A-Z0-9_]+/.exec(thrown.message)?.[0] ?? null;
}

/**
 * Returns the call and the return value of a failure, for logs and metrics. If no call has failed,
 * they are the call and the return value that fit best, or `start` and the kind of the failure.
 */
export function faultOf(failure: TokenFailure): { readonly operation: string; readonly ckr: string } {
  switch (failure.kind) {
    case 'pkcs11-failed':
      return { operation: failure.operation, ckr: failure.ckr };
    case 'pin-refused':
      return { operation: 'C_Login', ckr: failure.ckr };
    case 'token-not-found':
      return { operation: 'C_GetSlotList', ckr: 'CKR_TOKEN_NOT_PRESENT' };
    case 'signature-wrong':
      return { operation: 'C_Sign', ckr: 'CKR_SIGNATURE_INVALID' };
    default:
      return { operation: 'start', ckr: failure.kind };
  }
}

/** Describes a failure in one line for people. It never contains a PIN or key material. */
export function describeTokenFailure(failure: TokenFailure): string {
  switch (failure.kind) {
    case 'module-not-loadable':
      return `the PKCS#11 module ${failure.path} cannot be loaded: ${failure.detail}`;
    case 'pkcs11-failed':
      return `${failure.operation}: ${failure.ckr}`;
    case 'token-busy':
      return `the token of ${failure.directory} is still open in process ${failure.owner} after ${failure.waitedMs} ms`;
    case 'token-not-found':
      return `no token is labelled ${failure.label} (seen: ${failure.seen.join(', ') || 'none'})`;
    case 'token-ambiguous':
      return `the PKCS#11 module shows ${failure.count} tokens labelled ${failure.label}`;
    case 'token-exists':
      return `a token labelled ${failure.label} exists already`;
    case 'pin-refused':
      return `the token ${failure.label} refused the PIN: ${failure.ckr}`;
    case 'pin-not-usable':
      return failure.detail;
    case 'key-not-found':
      return `the token has no key pair ${failure.label}`;
    case 'key-ambiguous':
      return `the token has ${failure.count} keys ${failure.label}`;
    case 'key-exists':
      return `the token has a key ${failure.label} already`;
    case 'key-unfit':
      return `key ${failure.label}: ${failure.attribute} must be ${failure.expected}, is ${failure.found}`;
    case 'mechanism-missing':
      return `the token ${failure.token} has no ${failure.mechanism}: it cannot be used for ${failure.wanted}`;
    case 'key-mismatch':
      return `key ${failure.label}: ${failure.detail}`;
    case 'signature-wrong':
      return `key ${failure.label}: its public key does not verify what it signs`;
    default:
      return unreachable(failure);
  }
}
