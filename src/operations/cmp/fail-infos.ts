/** What the failures of operations are in CMP (RFC 9810 5.2.3). */
import type { CmpFault, FailInfo } from '../../cmp/model.js';
import type { OperationFailure } from '../failures.js';

/** `waiting`: no failure; the client polls. */
type FailureMeaning = FailInfo | 'waiting';

const MEANINGS = {
  'policy-violated': 'badCertTemplate',
  'key-rejected': 'badCertTemplate',
  'proof-of-possession-failed': 'badPOP',
  'proof-rejected': 'badPOP',
  'not-permitted': 'notAuthorized',
  'card-to-desk': 'notAuthorized',
  'not-found': 'badCertId',
  'invalid-request': 'badRequest',
  'too-many-lines': 'badRequest',
  'state-conflict': 'badRequest',
  'idempotency-mismatch': 'transactionIdInUse',
  'in-progress': 'waiting',
  'signer-unavailable': 'waiting',
  'database-unavailable': 'systemUnavail',
  'clock-wrong': 'systemUnavail',
  'quota-exceeded': 'systemFailure',
  'internal-error': 'systemFailure',
} as const satisfies Readonly<Record<OperationFailure['kind'], FailureMeaning>>;

/** State conflicts about a certificate that is revoked, expired or replaced. */
const REVOKED_RULES: ReadonlySet<string> = new Set(['already-revoked', 'renewal-of-issued', 'issuer-not-revoked']);

/** A public key of an algorithm that nobody here knows. */
const UNKNOWN_KEY = 'key-algorithm-known';

export function meaningOf(failure: OperationFailure): FailureMeaning {
  if (failure.kind === 'state-conflict' && REVOKED_RULES.has(failure.rule)) return 'certRevoked';
  if (failure.kind === 'key-rejected' && failure.violations.some(({ rule }) => rule === UNKNOWN_KEY)) return 'badAlg';
  return MEANINGS[failure.kind];
}

/** A failure that is answered in the body, with what the client can do about it. */
export function faultOfFailure(failure: OperationFailure): CmpFault {
  const meaning = meaningOf(failure);
  return {
    failInfo: meaning === 'waiting' ? 'systemUnavail' : meaning,
    text: textOf(failure),
    at: meaning === 'transactionIdInUse' ? 'error' : 'body',
  };
}

const TEXTS_MAX = 4;
const CHARACTERS_MAX = 500;

function textOf(failure: OperationFailure): readonly string[] {
  const words = wordsOf(failure);
  return (words.length === 0 ? [failure.kind] : words).slice(0, TEXTS_MAX).map((one) => one.slice(0, CHARACTERS_MAX));
}

function wordsOf(failure: OperationFailure): readonly string[] {
  if ('violations' in failure) return failure.violations.map(({ message, rule }) => `${message.en} (${rule})`);
  switch (failure.kind) {
    case 'database-unavailable':
      return ['The database is not available: send the request again later.'];
    case 'signer-unavailable':
      return ['The signer is not available: send the request again later.'];
    case 'in-progress':
      return ['The same request is in progress: send it again later.'];
    case 'idempotency-mismatch':
      return ['The transactionID was used before with another request.'];
    case 'too-many-lines':
      return ['The request has too many lines.'];
    default:
      return ['rule' in failure ? `${failure.message.en} (${failure.rule})` : failure.message.en];
  }
}
