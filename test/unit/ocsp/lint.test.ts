import assert from 'node:assert/strict';
import { octetString, seq } from '../../../src/asn1/der-writer.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import { checkOcspResponseData, lintOcsp } from '../../../src/lint/ocsp/lint.js';
import { encodeResponseData } from '../../../src/ocsp/encode.js';
import type { RevocationReason } from '../../../src/ports/store/statuses.js';
import { REASON_CODES } from '../../support/crl/reason-codes.js';
import { eachMutation } from '../../support/mutated-bytes.js';
import { AT, CONTENT, GOOD_ANSWER, OCSP_CONTEXT } from './answer-fixture.js';
import { certIdOf, ISSUER } from './fixture.js';

function ruleOf(der: Bytes): string {
  const checked = checkOcspResponseData(OCSP_CONTEXT, der);
  return checked.ok ? 'passed' : (checked.error.findings[0]?.rule ?? 'none');
}

describe('the lint of an OCSP response', () => {
  it('accepts what the encoder writes: each status, reason and hash, with and without nonce', () => {
    assert.equal(ruleOf(encodeResponseData(CONTENT)), 'passed');
    assert.equal(
      ruleOf(encodeResponseData({ ...CONTENT, responderId: { by: 'name', subjectDer: seq() } })),
      'e_cps_ocsp_responder_is_named_by_key',
    );
    const statuses = [
      { kind: 'good' } as const,
      { kind: 'unknown' } as const,
      { kind: 'never-issued-revoked' } as const,
      ...Object.keys(REASON_CODES).map(
        (reason) => ({ kind: 'revoked', at: AT - 1, reason: reason as RevocationReason }) as const,
      ),
    ];
    for (const hash of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
      const responses = statuses.map((status, at) => ({
        certIdDer: certIdOf((at + 1).toString(16).padStart(32, '0'), hash),
        status,
        thisUpdate: AT,
        nextUpdate: AT + HOUR_MS,
      }));
      const checked = checkOcspResponseData(
        OCSP_CONTEXT,
        encodeResponseData({ ...CONTENT, responses, nonce: octetString(new Uint8Array(32)) }),
      );
      assert.deepEqual(checked.ok && checked.value.responses.map(({ status }) => status), [
        'good',
        'unknown',
        ...Array(8).fill('revoked'),
      ]);
    }
  });

  it('creates no token for a response with a fault', () => {
    const refused = lintOcsp(
      ISSUER,
      encodeResponseData({ ...CONTENT, nonce: octetString(new Uint8Array(0)) }),
      OCSP_CONTEXT,
    );
    assert.equal(refused.ok ? '' : refused.error.findings[0]?.rule, 'e_ocsp_nonce_1_to_128_octets');
    assert.equal(lintOcsp(ISSUER, GOOD_ANSWER, OCSP_CONTEXT).ok, true);
  });

  it('accepts a nonce that a client has sent without an OCTET STRING', () => {
    assert.equal(ruleOf(encodeResponseData({ ...CONTENT, nonce: new Uint8Array(16).fill(9) })), 'passed');
  });

  it('never throws on mutated responses', () => {
    const valid = encodeResponseData({ ...CONTENT, nonce: octetString(new Uint8Array(16)) });
    eachMutation(valid, (mutated) => void checkOcspResponseData(OCSP_CONTEXT, mutated));
  });
});
