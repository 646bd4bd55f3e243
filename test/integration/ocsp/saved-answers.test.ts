/**
 * What is kept of OCSP answers: how long it stands in for a new one, and what it must not say any
 * more.
 */
import assert from 'node:assert/strict';
import { toHex } from '../../../src/kernel/bytes.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import { formatSavedAnswer, parseSavedAnswer } from '../../../src/ocsp/saved-answers.js';
import type { OcspResponder, OcspWorld } from '../../../src/operations/status/answer-ocsp.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import { ABSENT_SIGNER, serialOf } from '../../support/status/authority.js';
import { ocspBench, revokedAt, SERIAL } from './bench.js';
import { ANSWERS } from './read-answer.js';

describe('cached OCSP answers', () => {
  const bench = ocspBench();

  it('are refreshed after half their validity, while the stale answer is served without waiting', async () => {
    let signatures = 0;
    let sign: (() => void) | null = null;
    const signer: OcspWorld['signer'] = {
      ocsp: async (token) => {
        signatures += 1;
        if (signatures > 1) await new Promise<void>((resolve) => (sign = resolve));
        return bench.authority.signer.ocsp(token);
      },
      reportBadSignature: async () => undefined,
    };
    const made = bench.responder({ signer });
    const der = bench.plain();
    const first = await made.answer(der);
    bench.now = bench.start + 31 * MINUTE_MS;
    assert.equal(made.cached(requestKey(der)), null);
    for (let time = 0; time < 3; time += 1) {
      const { source, bytes } = await made.answer(der);
      assert.deepEqual([source, toHex(bytes)], ['stale', toHex(first.bytes)]);
    }
    assert.equal(signatures, 2);
    (sign as (() => void) | null)?.();
    while (made.cached(requestKey(der)) === null) await new Promise((resolve) => setImmediate(resolve));
    assert.notEqual(toHex(made.cached(requestKey(der))?.bytes ?? new Uint8Array(0)), toHex(first.bytes));
    // What has less left than HTTP caches would keep it is waited for.
    bench.now = bench.start + 31 * MINUTE_MS + ANSWERS.lifeMs - ANSWERS.maxAgeMs;
    const waiting = made.answer(der);
    while (signatures < 3) await new Promise((resolve) => setImmediate(resolve));
    (sign as (() => void) | null)?.();
    assert.equal((await waiting).source, 'signed');
  });

  it('are refreshed at most sixteen at a time; later requests start the others', async () => {
    let asked = 0;
    const { signer, issuer } = bench.authority;
    let isHeld = false;
    const made = bench.responder({
      signer: {
        ...signer,
        ocsp: (token) => {
          asked += 1;
          return isHeld ? new Promise(() => undefined) : signer.ocsp(token);
        },
      },
    });
    const questions = Array.from({ length: 20 }, (_, at) => ocspRequestFor(issuer, serialOf(at + 1)));
    for (let at = 1; at <= 20; at += 1) bench.status(serialOf(at), { status: 'issued' });
    for (const der of questions) await made.answer(der);
    isHeld = true;
    bench.now = bench.start + 31 * MINUTE_MS;
    const sources = await Promise.all([...questions, ...questions].map(async (der) => (await made.answer(der)).source));
    assert.deepEqual(new Set(sources), new Set(['stale']));
    while (asked < 36) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked, 20 + 16);
  });

  it('with a time in the future are not served after the clock was set back', async () => {
    const made = bench.responder();
    const der = bench.plain();
    bench.now = bench.start + 20 * MINUTE_MS;
    await made.answer(der);
    bench.now = bench.start + 10 * MINUTE_MS;
    assert.equal((await made.answer(der)).source, 'signed');
    const ahead = bench.responder();
    assert.equal(await ahead.ahead(der), 'signed');
    bench.now = bench.start;
    assert.equal(await ahead.ahead(der), 'signed');
  });

  it('are not served beyond nextUpdate, and not loaded after it', async () => {
    const before = bench.responder();
    const der = bench.plain();
    await before.answer(der);
    const made = bench.responder({ signer: ABSENT_SIGNER });
    const restore = (): void => {
      for (const one of before.cachedAnswers()) made.restore(one);
    };
    restore();
    bench.now = bench.start + ANSWERS.lifeMs - 2 * MINUTE_MS;
    assert.equal((await made.answer(der)).cacheable?.maxAgeMs, 2 * MINUTE_MS);
    bench.now = bench.start + ANSWERS.lifeMs;
    assert.equal((await made.answer(der)).source, 'tryLater');
    restore();
    assert.equal(made.size().entries, 0);
  });

  it('do not delay a revocation while a stale answer is refreshed', async () => {
    const made = bench.responder();
    const der = bench.plain();
    await made.answer(der);
    bench.now = bench.start + 31 * MINUTE_MS;
    bench.status(SERIAL, revokedAt(bench.now));
    const { source, bytes } = await made.answer(der);
    assert.equal(source, 'signed');
    assert.ok(
      made
        .cachedAnswers()
        .every(([, { statusByCertificate }]) => [...statusByCertificate.values()].every((kind) => kind === 'revoked')),
    );
    assert.equal(toHex(made.cached(requestKey(der))?.bytes ?? new Uint8Array(0)), toHex(bytes));
  });

  it('from before a restart are served only if no new one can be made and the database agrees', async () => {
    const before = bench.responder();
    const der = bench.plain();
    await before.answer(der);
    const lines = before.cachedAnswers().map(formatSavedAnswer);
    const take = (made: OcspResponder): void => {
      for (const line of lines) made.restore(parseSavedAnswer(line) ?? assert.fail('a line of ours'));
    };
    const made = bench.responder({ signer: ABSENT_SIGNER });
    take(made);
    assert.equal(made.cached(requestKey(der)), null, 'it is not fresh');
    assert.equal((await made.answer(der)).source, 'stale');
    bench.status(SERIAL, revokedAt(bench.start));
    assert.equal((await made.answer(der)).source, 'tryLater');
    for (const line of lines)
      for (const broken of [
        line.slice(1),
        line.slice(0, -9),
        line.replace(/"answer":"M/, '"answer":"N'),
        'null',
        '{}',
        // A status that is never cached, and no certificate at all.
        line.replace('"good"]', '"unknown"]'),
        line.replace(/"about":\[.*?\]\]/, '"about":[]'),
      ])
        assert.equal(parseSavedAnswer(broken), null, broken);
  });

  it('with an outdated database, good is tryLater, even if cached, and revoked is served', async () => {
    let stale = 0;
    const made = bench.responder({ staleMs: () => stale });
    const [good, other] = [bench.plain(), bench.plain(serialOf(2))];
    bench.status(serialOf(2), revokedAt(bench.start));
    for (const der of [good, other]) assert.equal((await made.answer(der)).source, 'signed');
    stale = ANSWERS.staleMsMax;
    for (const der of [good, other]) assert.equal((await made.answer(der)).source, 'cache');
    stale += 1;
    assert.equal(made.cached(requestKey(good)), null);
    assert.equal((await made.answer(good)).source, 'tryLater');
    assert.equal((await made.answer(other)).source, 'cache');
    stale = 0;
    assert.equal((await made.answer(good)).source, 'cache');
  });

  it('are all removed when the database was replaced, including those in progress', async () => {
    const kept = bench.responder();
    const der = bench.plain();
    await kept.answer(der);
    kept.forget();
    assert.deepEqual([kept.cached(requestKey(der)), kept.size()], [null, { entries: 0, bytes: 0 }]);
    let read = 0;
    bench.store.beforeStatus = async () => {
      read += 1;
    };
    const made: OcspResponder = bench.responder({
      signer: {
        ...bench.authority.signer,
        ocsp: async (token) => {
          if (read === 1) made.forget();
          return bench.authority.signer.ocsp(token);
        },
      },
    });
    assert.equal((await made.answer(der)).source, 'signed');
    assert.equal(read, 2, 'the database is asked again');
  });

  it('from before a restart are not served if a suspension became a revocation or another suspension', async () => {
    const suspended = (at: number): StoredState => ({ status: 'suspended', at, invalidityDate: null });
    const before = bench.responder();
    const der = bench.plain();
    bench.status(SERIAL, suspended(bench.start));
    await before.answer(der);
    const sourceAt = async (state: StoredState, signer: OcspWorld['signer'] = ABSENT_SIGNER): Promise<string> => {
      const made = bench.responder({ signer });
      for (const one of before.cachedAnswers())
        made.restore(parseSavedAnswer(formatSavedAnswer(one)) ?? assert.fail('a line of ours'));
      bench.status(SERIAL, state);
      return (await made.answer(der)).source;
    };
    bench.now = bench.start + MINUTE_MS;
    assert.equal(await sourceAt(suspended(bench.start)), 'stale');
    const aheadAt = async (state: StoredState): Promise<string> => {
      const made = bench.responder();
      for (const one of before.cachedAnswers())
        made.restore(parseSavedAnswer(formatSavedAnswer(one)) ?? assert.fail('a line of ours'));
      bench.status(SERIAL, state);
      return made.ahead(der);
    };
    assert.equal(await aheadAt(suspended(bench.start)), 'agreed');
    for (const state of [revokedAt(bench.start), suspended(bench.now)]) {
      assert.equal(await aheadAt(state), 'signed');
      assert.equal(await sourceAt(state), 'tryLater');
      assert.equal(await sourceAt(state, bench.authority.signer), 'signed');
    }
  });

  it('with an outdated database, an unknown number is tryLater, because it may have been issued since', async () => {
    const made = bench.responder({ staleMs: () => ANSWERS.staleMsMax + 1 });
    assert.equal((await made.answer(bench.plain(serialOf(9)))).source, 'tryLater');
    assert.equal((await bench.responder({ staleMs: () => 0 }).answer(bench.plain(serialOf(9)))).source, 'signed');
  });
});
