import { unreachable } from '../../src/kernel/assert.js';

/** A call that did not return CKR_OK. */
export type Pkcs11Failed = { readonly kind: 'pkcs11-failed'; readonly operation: string; readonly ckr: string };

/** What can go wrong between us and a token. `ckr` is the name of the PKCS#11 return value, `operation` the call that gave it. */
export type TokenFailure =
  | { readonly kind: 'module-not-loadable'; readonly path: string; readonly detail: string }
  | Pkcs11Failed
  | { readonly kind: 'token-busy'; readonly directory: string; readonly owner: string; readonly waitedMs: number }
  | { readonly kind: 'token-not-found'; readonly label: string; readonly seen: readonly string[] }
  | { readonly kind: 'token-ambiguous'; readonly label: string; readonly count: number }
  | { readonly kind: 'token-exists'; readonly label: string }
  | { readonly kind: 'pin-refused'; readonly label: string; readonly ckr: string }
  /** Exposed, unreadable, or refused once: the token was not asked. */
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

/** A token's failure on its way up through synchronous PKCS#11 code; turned into a `Result` where the signer answers. */
export class TokenFailed extends Error {
  override readonly name = 'TokenFailed';
  readonly failure: TokenFailure;
  constructor(failure: TokenFailure) {
    super(describeTokenFailure(failure));
    this.failure = failure;
  }
}

/** Runs PKCS#11 calls and names the one that failed: `C_Login: CKR_PIN_INCORRECT`. Anything else that is thrown is a bug. */
export function attempt<Value>(operation: string, act: () => Value): Value {
  try {
    return act();
  } catch (thrown) {
    const ckr = ckrOf(thrown);
    if (ckr === null) throw thrown;
    throw new TokenFailed({ kind: 'pkcs11-failed', operation, ckr });
  }
}

/** The CKR name that pkcs11js puts in an error's message, or null when the error is none of the token's. */
export function ckrOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  return /CKR_[A-Z0-9_]+/.exec(thrown.message)?.[0] ?? null;
}

/** The call and the return value that stand for a failure in logs and metrics; where no call failed, what we found of the token. */
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

/** One line for people; never holds a PIN or key material. */
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
      return `the PKCS#11 module shows ${failure.count} tokens labelled ${failure.label}: which one is meant?`;
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
