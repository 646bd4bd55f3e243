/** What is kept of OCSP answers: how long it stands in for a new one, and what it must not say any more. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { readKept, writeKept } from '../../../src/ocsp/kept-answers.js';
import { createOcspResponder, type OcspResponder, type OcspWorld } from '../../../src/operations/answer-ocsp.js';
import type { StoredState } from '../../../src/ports/store.js';
import {
  ABSENT_SIGNER,
  createStatusAuthority,
  openssl,
  SILENT_LOG,
  type StatusAuthority,
  serialOf,
} from '../../support/status-authority.js';
import { createStatusStore, type StatusStore } from '../../support/status-store.js';

const ANSWERS = { lifeMs: HOUR_MS, maxAgeMs: 5 * MINUTE_MS, neverIssued: 'unknown' } as const;
const SERIAL = serialOf(1);

describe('kept OCSP answers', () => {
  let authority: StatusAuthority;
  let store: StatusStore;
  let start: number;
  let now: number;
  before(() => {
    authority = createStatusAuthority({ responderKeyType: 'p-256' });
    start = Math.floor(Date.now() / 1000) * 1000;
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));
  beforeEach(() => {
    store = createStatusStore();
    now = start;
    status(SERIAL, { status: 'issued' });
  });

  const status = (serial: string, state: StoredState) =>
    store.statuses.set(serial, { state, notAfter: start + DAY_MS, signed: true });
  const revoked = (at = start): StoredState => ({ status: 'revoked', at, reason: 'superseded', invalidityDate: null });
  const responder = (changes: Partial<OcspWorld> = {}): OcspResponder => {
    const list = [{ issuer: authority.issuer, responder: authority.responder }];
    return createOcspResponder({
      ...{ store, signer: authority.signer, authorities: () => list, clock: () => now },
      ...{ answers: ANSWERS, log: SILENT_LOG },
      ...changes,
    });
  };
  const plain = (serial = SERIAL): Bytes => {
    const args = ['ocsp', '-issuer', 'ca.pem', '-no_nonce', '-serial', `0x${serial}`, '-reqout', 'request.der'];
    openssl(authority.folder, args);
    return new Uint8Array(readFileSync(join(authority.folder, 'request.der')));
  };

  it('from half its life on it is made anew while it is given out, for whoever asks: nobody waits for a signature', async () => {
    let signatures = 0;
    let sign: (() => void) | null = null;
    const signer: OcspWorld['signer'] = {
      ocsp: async (token) => {
        signatures += 1;
        if (signatures > 1) await new Promise<void>((resolve) => (sign = resolve));
        return authority.signer.ocsp(token);
      },
      doubt: async () => undefined,
    };
    const made = responder({ signer });
    const der = plain();
    const first = await made.answer(der);
    now = start + 31 * MINUTE_MS;
    assert.equal(made.cached(requestKey(der)), null);
    for (let time = 0; time < 3; time += 1) {
      const { source, bytes } = await made.answer(der);
      assert.deepEqual([source, toHex(bytes)], ['kept', toHex(first.bytes)]);
    }
    assert.equal(signatures, 2);
    (sign as (() => void) | null)?.();
    while (made.cached(requestKey(der)) === null) await new Promise((resolve) => setImmediate(resolve));
    assert.notEqual(toHex(made.cached(requestKey(der))?.bytes ?? new Uint8Array(0)), toHex(first.bytes));
    // What has less left than HTTP caches would keep it is waited for.
    now = start + 31 * MINUTE_MS + ANSWERS.lifeMs - ANSWERS.maxAgeMs;
    const waiting = made.answer(der);
    while (signatures < 3) await new Promise((resolve) => setImmediate(resolve));
    (sign as (() => void) | null)?.();
    assert.equal((await waiting).source, 'signed');
  });

  it('a revocation is told at once where an older answer was given out while a new one is made', async () => {
    const made = responder();
    const der = plain();
    await made.answer(der);
    now = start + 31 * MINUTE_MS;
    status(SERIAL, revoked(now));
    const { source, bytes } = await made.answer(der);
    assert.equal(source, 'signed');
    assert.ok(made.kept().every(([, { about }]) => [...about.values()].every((kind) => kind === 'revoked')));
    assert.equal(toHex(made.cached(requestKey(der))?.bytes ?? new Uint8Array(0)), toHex(bytes));
  });

  it('what was kept over a restart is given out only where nothing new is to be had, and the database says the same', async () => {
    const before = responder();
    const der = plain();
    await before.answer(der);
    const lines = before.kept().map(writeKept);
    const take = (made: OcspResponder): void => {
      for (const line of lines) made.restore(readKept(line) ?? assert.fail('a line of ours'));
    };
    const made = responder({ signer: ABSENT_SIGNER });
    take(made);
    assert.equal(made.cached(requestKey(der)), null, 'it is not fresh');
    assert.equal((await made.answer(der)).source, 'kept');
    status(SERIAL, revoked());
    assert.equal((await made.answer(der)).source, 'tryLater');
    for (const line of lines)
      for (const broken of [line.slice(1), line.slice(0, -9), line.replace(/"answer":"M/, '"answer":"N'), 'null', '{}'])
        assert.equal(readKept(broken), null);
  });

  it('when the database may be older than HTTP caches may be, `good` is tryLater, from memory too, and revoked is told', async () => {
    let stale = 0;
    const made = responder({ staleMs: () => stale });
    const [good, other] = [plain(), plain(serialOf(2))];
    status(serialOf(2), revoked());
    for (const der of [good, other]) assert.equal((await made.answer(der)).source, 'signed');
    stale = ANSWERS.maxAgeMs;
    for (const der of [good, other]) assert.equal((await made.answer(der)).source, 'cache');
    stale += 1;
    assert.equal(made.cached(requestKey(good)), null);
    assert.equal((await made.answer(good)).source, 'tryLater');
    assert.equal((await made.answer(other)).source, 'cache');
    stale = 0;
    assert.equal((await made.answer(good)).source, 'cache');
  });

  it('nothing of before comes out when the database is found to be another, not even what is being signed', async () => {
    const kept = responder();
    const der = plain();
    await kept.answer(der);
    kept.forget();
    assert.deepEqual([kept.cached(requestKey(der)), kept.size()], [null, { entries: 0, bytes: 0 }]);
    let read = 0;
    store.beforeStatus = async () => {
      read += 1;
    };
    const made: OcspResponder = responder({
      signer: {
        ...authority.signer,
        ocsp: async (token) => {
          if (read === 1) made.forget();
          return authority.signer.ocsp(token);
        },
      },
    });
    assert.equal((await made.answer(der)).source, 'signed');
    assert.equal(read, 2, 'the database is asked again');
  });

  it('a hold that was kept over a restart is not told any more when it has become a revocation, or another hold', async () => {
    const suspended = (at: number): StoredState => ({ status: 'suspended', at, invalidityDate: null });
    const before = responder();
    const der = plain();
    status(SERIAL, suspended(start));
    await before.answer(der);
    const sourceAt = async (state: StoredState, signer = ABSENT_SIGNER): Promise<string> => {
      const made = responder({ signer });
      for (const one of before.kept()) made.restore(readKept(writeKept(one)) ?? assert.fail('a line of ours'));
      status(SERIAL, state);
      return (await made.answer(der)).source;
    };
    now = start + MINUTE_MS;
    assert.equal(await sourceAt(suspended(start)), 'kept');
    for (const state of [revoked(start), suspended(now)]) {
      assert.equal(await sourceAt(state), 'tryLater');
      assert.equal(await sourceAt(state, authority.signer), 'signed');
    }
  });

  it('when the database may be older, a number that it does not know is tryLater: it may have been issued since', async () => {
    const made = responder({ staleMs: () => ANSWERS.maxAgeMs + 1 });
    assert.equal((await made.answer(plain(serialOf(9)))).source, 'tryLater');
    assert.equal((await responder({ staleMs: () => 0 }).answer(plain(serialOf(9)))).source, 'signed');
  });
});
