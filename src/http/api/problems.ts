/** The only place where failures become RFC 9457 problem documents with a stable `code`. */
import type { OperationFailure } from '../../operations/failures.js';
import type { Violation } from '../../policy/model.js';

export type HttpFailure =
  | OperationFailure
  | { readonly kind: 'client-certificate-required' }
  | { readonly kind: 'body-malformed'; readonly violations: readonly Violation[] }
  | { readonly kind: 'no-such-route'; readonly detail: string }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'unsupported-media-type'; readonly detail: string }
  | { readonly kind: 'content-encoded' }
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  | { readonly kind: 'body-too-slow' }
  /** Input that is not an HTTP request (`unreadable.ts`). */
  | { readonly kind: 'not-http' }
  | { readonly kind: 'headers-too-large' }
  | { readonly kind: 'expectation-failed' }
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number };

export type FailureKind = HttpFailure['kind'];

type ProblemRow = { readonly status: number; readonly code: string; readonly title: string };

export const PROBLEMS = {
  'invalid-request': { status: 400, code: 'invalid-request', title: 'The request is not valid' },
  'body-malformed': { status: 400, code: 'invalid-request', title: 'The request is not valid' },
  'not-http': { status: 400, code: 'invalid-request', title: 'This is not an HTTP request' },
  'expectation-failed': { status: 417, code: 'expectation-failed', title: 'The expectation is not supported' },
  'headers-too-large': { status: 431, code: 'headers-too-large', title: 'The header fields are too large' },
  'body-too-slow': { status: 408, code: 'timeout', title: 'The request took too long to arrive' },
  'client-certificate-required': {
    status: 401,
    code: 'client-certificate-required',
    title: 'A client certificate is required',
  },
  'not-permitted': { status: 403, code: 'not-permitted', title: 'Not permitted' },
  'not-found': { status: 404, code: 'not-found', title: 'Not found, or not visible to this account' },
  'no-such-route': { status: 404, code: 'not-found', title: 'No such path' },
  'method-not-allowed': { status: 405, code: 'method-not-allowed', title: 'The method is not allowed for this path' },
  'state-conflict': { status: 409, code: 'state-conflict', title: 'The current state does not allow this' },
  'in-progress': { status: 409, code: 'in-progress', title: 'The same request is still in progress' },
  'too-large': { status: 413, code: 'too-large', title: 'The body is too large' },
  'unsupported-media-type': { status: 415, code: 'unsupported-media-type', title: 'The body must be JSON' },
  'content-encoded': { status: 415, code: 'unsupported-media-type', title: 'The body must not be encoded' },
  'idempotency-mismatch': {
    status: 422,
    code: 'idempotency-mismatch',
    title: 'The idempotency key was used before with another body',
  },
  'policy-violated': { status: 422, code: 'policy-violated', title: 'The policy does not allow this certificate' },
  'key-rejected': { status: 422, code: 'key-rejected', title: 'The key is not acceptable' },
  'proof-of-possession-failed': {
    status: 422,
    code: 'proof-of-possession-failed',
    title: 'The certification request does not prove possession of its key',
  },
  'internal-error': { status: 500, code: 'internal-error', title: 'An internal check stopped this request' },
  overloaded: { status: 503, code: 'overloaded', title: 'Too many requests are being processed' },
  'signer-unavailable': { status: 503, code: 'signer-unavailable', title: 'The HSM is not available' },
  'clock-behind': { status: 503, code: 'clock-behind', title: 'The clock of the service was set back' },
  'database-unavailable': { status: 503, code: 'database-unavailable', title: 'The database is not available' },
} as const satisfies Record<FailureKind, ProblemRow>;

/** The failures that have a Retry-After header. */
export const RETRY_AFTER_FAILURES = {
  overloaded: true,
  'in-progress': true,
  'signer-unavailable': true,
  'clock-behind': true,
  'database-unavailable': true,
} as const satisfies Record<Extract<HttpFailure, { readonly retryAfterMs: number }>['kind'], true>;

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly requestId: string;
  readonly violations?: readonly Violation[];
};

export function problemOf(
  failure: HttpFailure,
  requestId: string,
): {
  readonly problem: Problem;
  readonly headers: Record<string, string>;
} {
  const row: ProblemRow = PROBLEMS[failure.kind];
  const violations = violationsOf(failure);
  const detail = detailOf(failure);
  return {
    problem: {
      type: `urn:pfcng:problem:${row.code}`,
      title: row.title,
      status: row.status,
      code: row.code,
      requestId,
      ...(detail === null ? {} : { detail }),
      ...(violations === null ? {} : { violations }),
    },
    headers: headersOf(failure),
  };
}

/**
 * A request of 64 KiB can have thousands of violations, whose pointers repeat what it contains:
 * this is how many are shown, and how much of each.
 */
const VIOLATIONS_MAX = 20;
const CHARACTERS_MAX = { pointer: 200, message: 500 } as const;

function violationsOf(failure: HttpFailure): readonly Violation[] | null {
  if ('violations' in failure)
    return failure.violations.slice(0, VIOLATIONS_MAX).map(({ pointer, rule, message }) => ({
      pointer: shortened(pointer, CHARACTERS_MAX.pointer),
      rule,
      message: shortened(message, CHARACTERS_MAX.message),
    }));
  if (failure.kind !== 'invalid-request') return null;
  return [{ pointer: failure.pointer, rule: failure.rule, message: failure.detail }];
}

function shortened(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)}…`;
}

function describeViolations(failure: HttpFailure & { readonly violations: readonly Violation[] }): string {
  const shown = (violationsOf(failure) ?? []).map(describeViolation);
  const more = failure.violations.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more violations`] : [])].join('; ');
}

/** Tells the client what to do. Internal details are only logged. */
function detailOf(failure: HttpFailure): string | null {
  switch (failure.kind) {
    case 'client-certificate-required':
      return 'Present the client certificate of an account in the TLS handshake.';
    case 'too-large':
      return `The body may have at most ${failure.bytesMax} bytes.`;
    case 'body-too-slow':
      return 'Send the whole body without long pauses.';
    case 'idempotency-mismatch':
      return 'Use a new Idempotency-Key for a new request.';
    case 'in-progress':
      return 'Retry with the same Idempotency-Key after the time in Retry-After.';
    case 'signer-unavailable':
      return 'Nothing was lost: retry with the same Idempotency-Key after the time in Retry-After.';
    case 'overloaded':
    case 'database-unavailable':
      return 'Retry with the same Idempotency-Key after the time in Retry-After.';
    case 'method-not-allowed':
      return `Allowed methods: ${failure.allow.join(', ')}.`;
    case 'policy-violated':
    case 'key-rejected':
    case 'proof-of-possession-failed':
    case 'body-malformed':
      return describeViolations(failure);
    case 'invalid-request':
      return describeViolation({ pointer: failure.pointer, message: failure.detail });
    case 'content-encoded':
      return 'Send the body without a content-encoding header field.';
    case 'not-http':
      return 'The input is not valid HTTP/1.1.';
    case 'headers-too-large':
      return 'All header fields together may have at most 16384 bytes.';
    case 'expectation-failed':
      return 'The only supported expectation is 100-continue.';
    default:
      return failure.detail;
  }
}

function describeViolation({ pointer, message }: Pick<Violation, 'pointer' | 'message'>): string {
  return `${pointer || '/'}: ${message}`;
}

function headersOf(failure: HttpFailure): Record<string, string> {
  if ('retryAfterMs' in failure) return { 'retry-after': String(Math.max(1, Math.ceil(failure.retryAfterMs / 1000))) };
  if (failure.kind === 'content-encoded') return { 'accept-encoding': 'identity' };
  if (failure.kind === 'method-not-allowed') return { allow: failure.allow.join(', ') };
  if (failure.kind === 'too-large' || failure.kind === 'body-too-slow') return { connection: 'close' };
  return {};
}
