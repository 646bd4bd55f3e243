/**
 * Answers about a certificate that is issued while they are made. Without this test, a client could
 * get `unknown` or a revocation for a certificate that another client was already told is good.
 */
import assert from 'node:assert/strict';
import type { OcspWorld } from '../../../src/operations/status/answer-ocsp.js';
import { serialOf } from '../../support/status/authority.js';
import { ocspBench } from './bench.js';
import { ANSWERS } from './read-answer.js';

const ISSUED_MEANWHILE = serialOf(5);

describe('the status of a newly issued certificate', () => {
  const bench = ocspBench();

  for (const neverIssued of ['unknown', 'revoked'] as const)
    it(`is not followed by a slower answer that it was never issued (${neverIssued})`, async () => {
      let signatures = 0;
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const signer: OcspWorld['signer'] = {
        ...bench.authority.signer,
        ocsp: async (token) => {
          signatures += 1;
          if (signatures === 1) await released;
          return bench.authority.signer.ocsp(token);
        },
      };
      const made = bench.responder({ signer, answers: { ...ANSWERS, neverIssued } });
      const plain = bench.plain(ISSUED_MEANWHILE);
      const sha256 = bench.request('-no_nonce', '-sha256', '-serial', `0x${ISSUED_MEANWHILE}`);
      const slow = made.answer(plain);
      while (signatures === 0) await new Promise((resolve) => setImmediate(resolve));
      bench.status(ISSUED_MEANWHILE, { status: 'issued' });
      assert.match(bench.spoken((await made.answer(sha256)).bytes, { request: sha256 }), /Cert Status: good/);
      release();
      assert.match(bench.spoken((await slow).bytes, { request: plain }), /Cert Status: good/);
    });
});
