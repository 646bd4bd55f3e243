import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, fromHex, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { encodeErrorResponse } from '../../../src/ocsp/encode.js';
import type { OcspResponder, OcspWorld } from '../../../src/operations/status/answer-ocsp.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import { REASON_CODES } from '../../support/crl/reason-codes.js';
import {
  ABSENT_SIGNER,
  createStatusAuthority,
  openssl,
  type StatusAuthority,
  serialOf,
} from '../../support/status/authority.js';
import { ocspBench, revokedAt, SERIAL } from './bench.js';
import { ANSWERS } from './read-answer.js';

describe('answers to OCSP requests', () => {
  const bench = ocspBench({ responderKeyType: 'rsa-2048' });
  let other: StatusAuthority;
  before(() => {
    other = createStatusAuthority({ id: 'other-ca' });
  });
  after(() => rmSync(other.folder, { recursive: true, force: true }));

  const withNonce = (): Bytes => bench.request('-nonce', '-serial', `0x${SERIAL}`);
  const ask = async (made: OcspResponder, der: Bytes) => bench.spoken((await made.answer(der)).bytes);

  it('is good for an issued certificate, with and without nonce, with all hash algorithms', async () => {
    for (const hash of ['-sha1', '-sha256', '-sha384', '-sha512']) {
      for (const nonce of ['-no_nonce', '-nonce']) {
        const text = await ask(bench.responder(), bench.request(nonce, hash, '-serial', `0x${SERIAL}`));
        assert.match(text, /Cert Status: good/);
        assert.equal(/OCSP Nonce/.test(text), nonce === '-nonce');
        assert.equal(/WARNING: no nonce|Nonce Verify error/.test(text), false);
      }
    }
  });

  it('is revoked with time and reason, which is absent if it is unspecified, and certificateHold while suspended', async () => {
    for (const reason of Object.keys(REASON_CODES)) {
      const at = bench.start - DAY_MS;
      if (reason === 'certificateHold') bench.status(SERIAL, { status: 'suspended', at, invalidityDate: null });
      else bench.status(SERIAL, { ...revokedAt(at), reason } as StoredState);
      const text = await ask(bench.responder(), bench.plain());
      assert.match(text, /Cert Status: revoked/);
      if (reason === 'unspecified') assert.doesNotMatch(text, /Revocation Reason/);
      else {
        const code = REASON_CODES[reason as keyof typeof REASON_CODES];
        assert.match(text, new RegExp(`Revocation Reason: ${reason} \\(0x${code}\\)`));
      }
    }
  });

  it('finds a serial number with leading zero bytes', async () => {
    const serial = '0000a5a5a5a5a5a5a5a5a5a5a5a5a5a5';
    bench.status(serial, revokedAt(bench.start - MINUTE_MS));
    assert.match(await ask(bench.responder(), bench.plain(serial)), /Cert Status: revoked/);
  });

  it('answers several certificates of one CA in one message', async () => {
    bench.status(serialOf(2), revokedAt(bench.start - MINUTE_MS));
    const der = bench.request(
      '-no_nonce',
      '-serial',
      `0x${SERIAL}`,
      '-serial',
      `0x${serialOf(2)}`,
      '-serial',
      `0x${serialOf(3)}`,
    );
    const text = await ask(bench.responder(), der);
    assert.deepEqual(text.match(/Cert Status: \w+/g), [
      'Cert Status: good',
      'Cert Status: revoked',
      'Cert Status: unknown',
    ]);
  });

  it('a number that was never issued is unknown, or revoked since 1970 by policy, and is not cached', async () => {
    const der = bench.plain(serialOf(9));
    const unknown = await bench.responder().answer(der);
    assert.match(bench.spoken(unknown.bytes), /Cert Status: unknown/);
    assert.equal(unknown.cacheable, null);
    const made = bench.responder({ answers: { ...ANSWERS, neverIssued: 'revoked' } });
    const text = await ask(made, der);
    assert.match(text, /Revocation Time: Jan {2}1 00:00:00 1970 GMT/);
    // OpenSSL uses an older name for 1.3.6.1.5.5.7.48.1.9.
    assert.match(text, /Response Extensions:\s+valid:/);
    assert.equal(made.cached(requestKey(der)), null);
  });

  it('an expired certificate keeps its last status, with an archive cutoff', async () => {
    for (const [state, says] of [
      [{ status: 'issued' }, /Cert Status: good/],
      [revokedAt(bench.start - MINUTE_MS), /Cert Status: revoked/],
    ] as const) {
      bench.store.statuses.set(SERIAL, { state, notAfter: bench.start - DAY_MS, signed: true });
      const text = await ask(bench.responder(), bench.plain());
      assert.match(text, says);
      const cutoff = /OCSP Archive Cutoff:\s*\n?\s*(.+ GMT)/.exec(text)?.[1] ?? text;
      assert.equal(Date.parse(cutoff), bench.authority.issuer.notBefore);
    }
    bench.status(SERIAL, { status: 'issued' });
    assert.doesNotMatch(await ask(bench.responder(), bench.plain()), /Archive Cutoff/);
  });

  it('an open intent is tryLater, and never good', async () => {
    bench.status(SERIAL, { status: 'open' });
    assert.equal((await bench.responder().answer(bench.plain())).source, 'tryLater');
  });

  it('two CAs in one message, or a foreign CA, are unauthorized', async () => {
    const both = bench.request('-no_nonce', '-serial', `0x${SERIAL}`, '-issuer', other.caPem, '-serial', `0x${SERIAL}`);
    const all = [bench.authority, other];
    assert.equal((await bench.responder({ authorities: () => all }).answer(both)).source, 'unauthorized');
    const list = [{ issuer: other.issuer, responder: other.responder }];
    const foreign = await bench.responder({ authorities: () => list }).answer(bench.plain());
    assert.equal(toHex(foreign.bytes), toHex(encodeErrorResponse('unauthorized')));
    const withoutResponder = [{ issuer: bench.authority.issuer, responder: null }];
    assert.equal(
      (await bench.responder({ authorities: () => withoutResponder }).answer(bench.plain())).source,
      'unauthorized',
    );
  });

  it('a CA that is added later is found', async () => {
    let list: ReturnType<OcspWorld['authorities']> = [{ issuer: other.issuer, responder: other.responder }];
    const made = bench.responder({ authorities: () => list });
    assert.equal((await made.answer(bench.plain())).source, 'unauthorized');
    list = [...list, { issuer: bench.authority.issuer, responder: bench.authority.responder }];
    assert.equal((await made.answer(bench.plain())).source, 'signed');
  });

  it('an invalid request is malformedRequest, and OpenSSL reads the error', async () => {
    const { bytes } = await bench.responder().answer(fromHex('3003020100') ?? new Uint8Array(0));
    writeFileSync(join(bench.authority.folder, 'error.der'), bytes);
    assert.throws(
      () => openssl(bench.authority.folder, ['ocsp', '-respin', 'error.der']),
      /Responder Error: malformedrequest \(1\)/,
    );
  });

  it('an answer without nonce is cached and served again, and HTTP caches may store it for the time in the policy', async () => {
    const made = bench.responder();
    const der = bench.plain();
    const first = await made.answer(der);
    bench.now += MINUTE_MS;
    const again = made.cached(requestKey(der));
    assert.equal(toHex(again?.bytes ?? new Uint8Array(0)), toHex(first.bytes));
    assert.deepEqual(again?.cacheable, {
      maxAgeMs: 5 * MINUTE_MS,
      etag: first.cacheable?.etag,
      lastModified: bench.start,
      expires: bench.now + 5 * MINUTE_MS,
    });
    const nonce = withNonce();
    assert.equal((await made.answer(nonce)).cacheable, null);
    assert.equal(made.cached(requestKey(nonce)), null);
  });

  it('a hundred simultaneous equal requests share one signature', async () => {
    let signatures = 0;
    const made = bench.responder({
      signer: {
        ...bench.authority.signer,
        ocsp: (token) => {
          signatures += 1;
          return bench.authority.signer.ocsp(token);
        },
      },
    });
    const der = bench.plain();
    const answers = await Promise.all(Array.from({ length: 100 }, () => made.answer(der)));
    assert.equal(signatures, 1);
    assert.equal(new Set(answers.map(({ bytes }) => toHex(bytes))).size, 1);
  });

  it('a revocation removes the cached answer at once', async () => {
    const made = bench.responder();
    const der = bench.plain();
    await made.answer(der);
    bench.status(SERIAL, revokedAt(bench.start - MINUTE_MS));
    made.withdraw(bench.authority.issuer.id, SERIAL);
    assert.equal(made.cached(requestKey(der)), null);
    assert.match(await ask(made, der), /Cert Status: revoked/);
  });

  it('a suspension that one request has read as released is not served from the cache any more', async () => {
    const responder = bench.responder();
    bench.status(SERIAL, { status: 'suspended', at: bench.now, invalidityDate: null });
    assert.match(bench.spoken((await responder.answer(bench.plain())).bytes), /Cert Status: revoked/);
    bench.status(SERIAL, { status: 'issued' });
    assert.match(bench.spoken((await responder.answer(withNonce())).bytes), /Cert Status: good/);
    assert.match(bench.spoken((await responder.answer(bench.plain())).bytes), /Cert Status: good/);
  });

  it('a revocation while an answer is read or signed is in this answer: no old good is sent or cached', async () => {
    for (const place of ['reading', 'signing'] as const) {
      for (const der of [bench.plain(), withNonce()]) {
        bench.status(SERIAL, { status: 'issued' });
        bench.store.beforeStatus = async () => undefined;
        let changed = false;
        const change = () => {
          if (changed) return;
          changed = true;
          bench.status(SERIAL, revokedAt(bench.start - MINUTE_MS));
          made.withdraw(bench.authority.issuer.id, SERIAL);
        };
        if (place === 'reading') bench.store.beforeStatus = async () => change();
        const made: OcspResponder = bench.responder({
          signer: {
            ...bench.authority.signer,
            ocsp: async (token) => {
              const signature = await bench.authority.signer.ocsp(token);
              if (place === 'signing') change();
              return signature;
            },
          },
        });
        const answers = await Promise.all([made.answer(der), made.answer(der)]);
        for (const { bytes } of answers)
          assert.match(bench.spoken(bytes, { args: ['-no_nonce'] }), /Cert Status: revoked/);
        const { bytes } = await made.answer(der);
        assert.match(bench.spoken(bytes, { args: ['-no_nonce'] }), /Cert Status: revoked/);
      }
    }
  });

  it('after one request has read revoked, a slower one that read good is not sent', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    const made = bench.responder({
      signer: {
        ...bench.authority.signer,
        ocsp: async (token) => {
          const hold = first;
          first = false;
          if (hold) await released;
          return bench.authority.signer.ocsp(token);
        },
      },
    });
    const slow = made.answer(bench.plain());
    await new Promise((resolve) => setImmediate(resolve));
    bench.status(SERIAL, revokedAt(bench.start - MINUTE_MS));
    const sha256 = bench.request('-no_nonce', '-sha256', '-serial', `0x${SERIAL}`);
    assert.match(await ask(made, sha256), /Cert Status: revoked/);
    release();
    const late = await slow;
    bench.plain();
    assert.match(bench.spoken(late.bytes), /Cert Status: revoked/);
  });

  it('a status that changes during each signature ends in tryLater, not in a loop', async () => {
    let signatures = 0;
    const made: OcspResponder = bench.responder({
      signer: {
        ...bench.authority.signer,
        ocsp: async (token) => {
          signatures += 1;
          made.withdraw(bench.authority.issuer.id, SERIAL);
          return bench.authority.signer.ocsp(token);
        },
      },
    });
    assert.equal((await made.answer(bench.plain())).source, 'tryLater');
    assert.equal(signatures, 3);
  });

  it('without a signer, cached answers are served until nextUpdate while the database agrees, then tryLater', async () => {
    let signer = bench.authority.signer as Pick<StatusAuthority['signer'], 'ocsp'>;
    const made = bench.responder({ signer: { ...bench.authority.signer, ocsp: (token) => signer.ocsp(token) } });
    const der = bench.plain();
    await made.answer(der);
    signer = ABSENT_SIGNER;
    bench.now = bench.start + 45 * MINUTE_MS;
    const kept = await made.answer(der);
    assert.equal(kept.source, 'stale');
    assert.equal(kept.cacheable?.maxAgeMs, 5 * MINUTE_MS);
    bench.status(SERIAL, revokedAt(bench.start - MINUTE_MS));
    assert.equal((await made.answer(der)).source, 'tryLater');
    bench.status(SERIAL, { status: 'issued' });
    assert.equal((await made.answer(der)).source, 'tryLater');
    signer = bench.authority.signer;
    assert.equal((await made.answer(der)).source, 'signed');
    signer = ABSENT_SIGNER;
    bench.now += HOUR_MS;
    assert.equal((await made.answer(der)).source, 'tryLater');
  });

  it('without the database only fresh answers are served; the rest is tryLater', async () => {
    const made = bench.responder();
    const der = bench.plain();
    await made.answer(der);
    bench.store.failure = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a test' };
    assert.equal((await made.answer(der)).source, 'cache');
    bench.now = bench.start + 45 * MINUTE_MS;
    assert.equal((await made.answer(der)).source, 'tryLater');
  });

  it('a signature that does not verify with the responder certificate is not sent, and its signer is replaced', async () => {
    const badSignatureReported: string[] = [];
    const reportBadSignature = async (kind: string, issuer: string) =>
      void badSignatureReported.push(`${kind} ${issuer}`);
    const signer = { ocsp: async () => ok(new Uint8Array(256)), reportBadSignature };
    assert.equal((await bench.responder({ signer }).answer(bench.plain())).source, 'tryLater');
    assert.deepEqual(badSignatureReported, Array(2).fill(`ocsp ${bench.authority.issuer.id}`));
  });

  it('a revocation with a date in the future, from another clock, is reported as of now', async () => {
    bench.status(SERIAL, revokedAt(bench.start + MINUTE_MS));
    assert.match(await ask(bench.responder(), bench.plain()), /Cert Status: revoked/);
  });

  it('an answer does not last longer than the certificate of its responder', async () => {
    const ending = { ...bench.authority.responder, notAfter: bench.start + 10 * MINUTE_MS };
    const list = [{ issuer: bench.authority.issuer, responder: ending }];
    const made = bench.responder({ authorities: () => list });
    const text = await ask(made, bench.plain());
    const next = /Next Update: (.*)/.exec(text)?.[1] ?? '';
    assert.equal(Date.parse(next), bench.start + 10 * MINUTE_MS);
    bench.now = bench.start + 11 * MINUTE_MS;
    assert.equal((await made.answer(bench.plain())).source, 'tryLater');
  });

  it('an answer is not older than the certificate of its responder', async () => {
    const coming = { ...bench.authority.responder, notBefore: bench.start + MINUTE_MS };
    const list = [{ issuer: bench.authority.issuer, responder: coming }];
    const made = bench.responder({ authorities: () => list });
    assert.equal((await made.answer(bench.plain())).source, 'tryLater');
    bench.now = bench.start + MINUTE_MS;
    assert.equal((await made.answer(bench.plain())).source, 'signed');
  });

  it('a refusal by the signer is internalError, and no stale answer is served instead', async () => {
    const refused = err({ kind: 'signer-refused' as const, rule: 'a-test', detail: 'a test' });
    let refuses = false;
    const { signer } = bench.authority;
    const made = bench.responder({
      signer: { ...signer, ocsp: (token) => (refuses ? Promise.resolve(refused) : signer.ocsp(token)) },
    });
    await made.answer(bench.plain());
    refuses = true;
    bench.now = bench.start + HOUR_MS - MINUTE_MS;
    assert.equal((await made.answer(bench.plain())).source, 'internalError');
  });

  it('the number of answers in progress is limited', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { signer } = bench.authority;
    const made = bench.responder({
      limits: { inFlightMax: 1 },
      signer: { ...signer, ocsp: (token) => released.then(() => signer.ocsp(token)) },
    });
    bench.status(serialOf(2), { status: 'issued' });
    const [first, second] = [bench.plain(), bench.plain(serialOf(2))].map((der) => made.answer(der));
    assert.equal((await second)?.source, 'tryLater');
    release();
    assert.equal((await first)?.source, 'signed');
  });

  it('answers for one client have their own lower limit, beyond which they have no nonce', async () => {
    const audiences: string[] = [];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const made = bench.responder({
      limits: { oneClientInFlightMax: 2 },
      signer: {
        ...bench.authority.signer,
        ocsp: async (token, audience) => {
          audiences.push(audience ?? 'all');
          await released;
          return bench.authority.signer.ocsp(token);
        },
      },
    });
    const nonces = [withNonce(), withNonce(), withNonce()].map((der) => made.answer(der));
    const other = made.answer(bench.plain());
    release();
    const sources = await Promise.all([...nonces, other].map(async (answer) => (await answer).source));
    assert.deepEqual(sources, ['signed', 'signed', 'without-nonce', 'signed']);
    assert.deepEqual(audiences, ['one', 'one', 'all'], 'the signer knows which requests come last');
  });
});
