/**
 * Two responders of one authority: who answers whom (RFC 6960 4.4.7), and that neither stands in
 * for the other.
 */
import assert from 'node:assert/strict';
import { octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import { formatSavedAnswer, parseSavedAnswer } from '../../../src/ocsp/saved-answers.js';
import type { OcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import { algorithmIdentifierDer } from '../../../src/x509/keys/algorithms.js';
import { ABSENT_SIGNER } from '../../support/status/authority.js';
import { requestOf } from '../../unit/ocsp/fixture.js';
import { ocspBench, revokedAt, SERIAL } from './bench.js';
import { certIdsIn } from './read-answer.js';

const RSA = /Signature Algorithm: sha256WithRSAEncryption\n\s+Signature Value/i;
const ECDSA = /Signature Algorithm: ecdsa-with-SHA256\n\s+Signature Value/i;

describe('a CA with two responders', () => {
  const bench = ocspBench({ responderKeyType: 'p-256', beside: ['rsa-2048'] });

  const certIds = (): readonly Bytes[] => certIdsIn(bench.plain());
  const preferring = (): Bytes => plainRequest(certIds(), 'sha256WithRsaEncryption');
  const withNonce = (): Bytes => {
    const algorithms = seq(seq(algorithmIdentifierDer('sha256WithRsaEncryption')));
    const preferred = seq(oid(OID.ocspPreferredSignatureAlgorithms), octetString(algorithms));
    const nonce = seq(oid(OID.ocspNonce), octetString(octetString(new Uint8Array(32).fill(7))));
    return requestOf(certIds(), [nonce, preferred]);
  };
  /** The responder whose key OpenSSL used to verify the response. */
  const signed = async (made: OcspResponder, request: Bytes): Promise<string> =>
    bench.spoken((await made.answer(request)).bytes, { request });

  it('answers each client with its preferred algorithm, with and without nonce, from separate cache entries', async () => {
    const made = bench.responder();
    assert.match(await signed(made, bench.plain()), ECDSA);
    assert.match(await signed(made, preferring()), RSA);
    assert.match(await signed(made, withNonce()), RSA);
    for (const [request, algorithm] of [
      [bench.plain(), ECDSA],
      [preferring(), RSA],
    ] as const) {
      const { bytes, source } = await made.answer(request);
      assert.equal(source, 'cache');
      assert.match(bench.spoken(bytes, { request }), algorithm);
    }
  });

  it('removes both cached answers by one revocation', async () => {
    const made = bench.responder();
    for (const request of [bench.plain(), preferring()]) await made.answer(request);
    bench.status(SERIAL, revokedAt(bench.start - MINUTE_MS));
    made.withdraw(bench.authority.issuer.id, SERIAL);
    for (const request of [bench.plain(), preferring()]) {
      assert.equal(made.cached(requestKey(request)), null);
      assert.match(await signed(made, request), /Cert Status: revoked/);
    }
  });

  it('serves no saved answer from a time when the policy preferred the other responder', async () => {
    const before = bench.responder();
    await before.answer(bench.plain());
    const { issuer, responder, others } = bench.authority;
    const [rsa] = others;
    const now = [{ issuer, responder: present(rsa ?? null, 'the other one'), others: [responder] }];
    const lines = before.cachedAnswers().map(formatSavedAnswer);
    for (const [authorities, source] of [
      [[{ issuer, responder, others }], 'stale'],
      [now, 'tryLater'],
    ] as const) {
      const made = bench.responder({ authorities: () => authorities, signer: ABSENT_SIGNER });
      for (const line of lines) made.restore(parseSavedAnswer(line) ?? assert.fail('a line of ours'));
      assert.equal((await made.answer(bench.plain())).source, source);
    }
    const after = bench.responder({ authorities: () => now });
    assert.match(await signed(after, bench.plain()), RSA);
    assert.notEqual(toHex((await after.answer(bench.plain())).bytes), '');
  });
});
