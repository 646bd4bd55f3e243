/** Many OCSP requests with irrelevant differences, or about numbers that do not exist. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explicit, seq, utf8String } from '../../../src/asn1/der-writer.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';
import { createOcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import {
  createStatusAuthority,
  openssl,
  SILENT_LOG,
  type StatusAuthority,
  serialOf,
} from '../../support/status/authority.js';
import { createStatusStore } from '../../support/status/store.js';

const SERIAL = serialOf(1);

describe('OCSP requests that differ only in names and signatures', () => {
  let authority: StatusAuthority;
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));

  const plain = (): Bytes => {
    const args = ['ocsp', '-issuer', 'ca.pem', '-no_nonce', '-serial', `0x${SERIAL}`, '-reqout', 'request.der'];
    openssl(authority.folder, args);
    return new Uint8Array(readFileSync(join(authority.folder, 'request.der')));
  };
  /** Adds a requestor name and a signature to a request. */
  const dressed = (der: Bytes, name: string): Bytes => {
    const read = readOcspRequest(der);
    assert.ok(read.ok);
    const list = seq(...read.value.certIds.map((certId) => seq(certId.der)));
    return seq(seq(explicit(1, utf8String(name)), list), explicit(0, utf8String(name)));
  };

  it('share one signature and one cache entry, which one revocation removes', async () => {
    const now = Math.floor(Date.now() / 1000) * 1000;
    const store = createStatusStore();
    store.statuses.set(SERIAL, { state: { status: 'issued' }, notAfter: now + DAY_MS, signed: true });
    let signatures = 0;
    const made = createOcspResponder({
      store,
      signer: {
        ocsp: (token) => {
          signatures += 1;
          return authority.signer.ocsp(token);
        },
        reportBadSignature: async () => undefined,
      },
      authorities: (
        (list) => () =>
          list
      )([{ issuer: authority.issuer, responder: authority.responder }]),
      clock: () => now,
      answers: { lifeMs: HOUR_MS, maxAgeMs: 5 * MINUTE_MS, staleMsMax: 5 * MINUTE_MS, neverIssued: 'unknown' },
      log: SILENT_LOG,
    });
    const der = plain();
    const first = await made.answer(dressed(der, 'nobody'));
    assert.equal(first.source, 'signed');
    for (let at = 0; at < 50; at += 1) {
      const again = await made.answer(dressed(der, `name-${at}`));
      assert.equal(toHex(again.bytes), toHex(first.bytes));
    }
    assert.equal(made.cached(requestKey(der))?.source, 'cache');
    assert.equal(signatures, 1);

    store.statuses.set(SERIAL, {
      state: { status: 'revoked', at: now, reason: 'keyCompromise', invalidityDate: null },
      notAfter: now + DAY_MS,
      signed: true,
    });
    made.withdraw(authority.issuer.id, SERIAL);
    assert.notEqual(toHex((await made.answer(dressed(der, 'name-7'))).bytes), toHex(first.bytes));
    assert.equal(signatures, 2);
  });
});

describe('OCSP requests about numbers that were never issued', () => {
  let authority: StatusAuthority;
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));

  it('are limited and signed last, like requests with nonces, because no other client can use the answers', async () => {
    const now = Math.floor(Date.now() / 1000) * 1000;
    const store = createStatusStore();
    store.statuses.set(SERIAL, { state: { status: 'issued' }, notAfter: now + DAY_MS, signed: true });
    const audiences: string[] = [];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const list = [{ issuer: authority.issuer, responder: authority.responder }];
    const made = createOcspResponder({
      store,
      signer: {
        ocsp: async (token, audience) => {
          audiences.push(audience ?? 'all');
          await released;
          return authority.signer.ocsp(token);
        },
        reportBadSignature: async () => undefined,
      },
      authorities: () => list,
      clock: () => now,
      answers: { lifeMs: HOUR_MS, maxAgeMs: 5 * MINUTE_MS, staleMsMax: 5 * MINUTE_MS, neverIssued: 'unknown' },
      log: SILENT_LOG,
      limits: { oneClientInFlightMax: 2 },
    });
    const asked = [7, 8, 9, 1].map((number) => made.answer(ocspRequestFor(authority.issuer, serialOf(number))));
    while (audiences.length < 3) await new Promise((resolve) => setImmediate(resolve));
    release();
    const sources = await Promise.all(asked.map(async (answer) => (await answer).source));
    assert.deepEqual(sources, ['signed', 'signed', 'tryLater', 'signed']);
    assert.deepEqual(audiences, ['one', 'one', 'all']);
    assert.equal(
      (await made.answer(ocspRequestFor(authority.issuer, serialOf(9)))).source,
      'signed',
      'nothing is left of it',
    );
  });
});
