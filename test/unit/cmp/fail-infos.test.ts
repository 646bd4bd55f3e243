/**
 * What the failures of operations are in CMP. Without these tests a client could get another
 * failInfo for a failure that REST and CMP share, or give up what it should poll for.
 */
import assert from 'node:assert/strict';
import { faultOfFailure, meaningOf } from '../../../src/operations/cmp/fail-infos.js';
import type { OperationFailure } from '../../../src/operations/failures.js';
import { text } from '../../../src/texts/text.js';

const message = text('cmp-answer-not-signed');
const violations = (rule: string) => [{ pointer: '/csr', rule, message }];
const conflict = (rule: string) => ({ kind: 'state-conflict', rule, message }) as const;

const MEANINGS: readonly (readonly [OperationFailure, string])[] = [
  [{ kind: 'policy-violated', violations: violations('any') }, 'badCertTemplate'],
  [{ kind: 'key-rejected', violations: violations('any') }, 'badCertTemplate'],
  [{ kind: 'key-rejected', violations: violations('key-algorithm-known') }, 'badAlg'],
  [{ kind: 'proof-of-possession-failed', violations: violations('any') }, 'badPOP'],
  [{ kind: 'not-permitted', rule: 'any', message }, 'notAuthorized'],
  [{ kind: 'not-found', message }, 'badCertId'],
  [conflict('already-revoked'), 'certRevoked'],
  [conflict('renewal-of-issued'), 'certRevoked'],
  [conflict('issuer-not-revoked'), 'certRevoked'],
  [conflict('holder-barred'), 'badRequest'],
  [{ kind: 'idempotency-mismatch' }, 'transactionIdInUse'],
  [{ kind: 'in-progress', retryAfterMs: 1 }, 'waiting'],
  [{ kind: 'signer-unavailable', retryAfterMs: 1, detail: '' }, 'waiting'],
  [{ kind: 'database-unavailable', retryAfterMs: 1, detail: '' }, 'systemUnavail'],
  [{ kind: 'clock-wrong', retryAfterMs: 1, message }, 'systemUnavail'],
  [{ kind: 'quota-exceeded', retryAfterMs: 1, message }, 'systemFailure'],
  [{ kind: 'internal-error', message }, 'systemFailure'],
];

describe('failures of operations in CMP', () => {
  it('are the failInfo that section 10 of the design of CMP has for them', () => {
    for (const [failure, meaning] of MEANINGS) {
      assert.equal(meaningOf(failure), meaning, failure.kind);
      const { failInfo, at, text: words } = faultOfFailure(failure);
      assert.equal(failInfo, meaning === 'waiting' ? 'systemUnavail' : meaning);
      assert.equal(at, meaning === 'transactionIdInUse' ? 'error' : 'body');
      assert.notEqual(words.join(''), '', failure.kind);
    }
  });
});
