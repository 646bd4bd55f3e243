/** Answers that are there before anybody asks, for all certificates of an authority. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { createSignAhead } from '../../../src/jobs/status/sign-ahead.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import { formatSavedAnswer, parseSavedAnswer } from '../../../src/ocsp/saved-answers.js';
import { createOcspResponder, type OcspResponder, type OcspWorld } from '../../../src/operations/status/answer-ocsp.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store, Transaction } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, idOf, intent, NOW, OTHER_ISSUER, serialOf } from '../../support/db/records.js';
import { insertIntents, setState, storeSignatures } from '../../support/db/unaudited.js';
import { ABSENT_SIGNER, createStatusAuthority, type StatusAuthority } from '../../support/status/authority.js';
import { ANSWERS, statusIn } from '../ocsp/read-answer.js';

const CERTIFICATES = 220;
const A_SECOND = 40;
const RUNS = Math.ceil(CERTIFICATES / A_SECOND);
/** More than are read from the database at once. */
const MANY = 520;

describeOnEach('pre-signed responses', ({ opened }) => {
  let authority: StatusAuthority;
  let store: Store;
  let start: number;
  let now: number;
  let signatures: number;
  let audiences: Set<string>;
  let isUnavailable: boolean;
  let events: string[];
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));
  beforeEach(async () => {
    start = Math.floor(Date.now() / SECOND_MS) * SECOND_MS;
    [now, signatures, audiences, isUnavailable, events] = [start, 0, new Set(), false, []];
    store = await opened({ clock: () => now });
    unwrap(
      await store.transaction(async (tx) => {
        await certifyAll(tx, 1, CERTIFICATES);
        await certify(tx, intent(9_001, { issuer: OTHER_ISSUER }));
        await certify(tx, intent(9_002, { issuer: authority.issuer.id, notAfter: start - 1 }));
        await insertIntents(tx, [record(9_003)]);
      }),
    );
  });

  const record = (number: number) => intent(number, { issuer: authority.issuer.id, notAfter: start + 900 * DAY_MS });
  const isRevoked = (number: number): boolean => number % 50 === 0;
  const stateOf = (number: number): StoredState =>
    isRevoked(number)
      ? { status: 'revoked', at: start - DAY_MS, reason: 'superseded', invalidityDate: null }
      : { status: 'issued' };
  async function certifyAll(tx: Transaction, first: number, last: number): Promise<void> {
    const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    await insertIntents(tx, numbers.map(record));
    await storeSignatures(
      tx,
      numbers.map((number) => ({ id: idOf(number), signature: Uint8Array.of(1, 2, 3) })),
    );
    for (const number of numbers.filter(isRevoked))
      await setState(tx, idOf(number), [stateOf(number), { at: NOW, actor: 'account:officer-1' }]);
  }
  const note = (event: string): void => void events.push(event);
  const log = { info: note, warn: note, error: note };
  const signer: OcspWorld['signer'] = {
    ocsp: (token, audience) => {
      signatures += 1;
      audiences.add(audience ?? 'all');
      return (isUnavailable ? ABSENT_SIGNER : authority.signer).ocsp(token, audience);
    },
    reportBadSignature: async () => undefined,
  };
  const responding = (limits: OcspWorld['limits'] = {}) => {
    const list = [{ issuer: authority.issuer, responder: authority.responder }];
    const responder = createOcspResponder({
      store,
      signer,
      authorities: () => list,
      clock: () => now,
      answers: ANSWERS,
      log,
      limits,
    });
    const world = { store, responder, clock: () => now, steadyMs: () => now, log };
    const ahead = createSignAhead(world, [{ issuer: authority.issuer, perSecondMax: A_SECOND }]);
    const state = () => ahead.states()[0]?.[1] ?? assert.fail('one authority');
    return { responder, run: ahead.run, state };
  };
  const statusOf = (responder: OcspResponder, number: number): string => {
    const found = responder.cached(requestKey(ocspRequestFor(authority.issuer, serialOf(number))));
    return found === null ? 'nothing' : statusIn(found.bytes);
  };
  const runs = async (count: number, run: () => Promise<void>): Promise<void> => {
    for (let at = 0; at < count; at += 1, now += SECOND_MS) await run();
  };

  it('exist for every unexpired certificate, within the limit per second, after every other request to the signer', async () => {
    const { responder, run, state } = responding();
    for (let at = 1; at <= RUNS; at += 1, now += SECOND_MS) {
      await run();
      assert.equal(signatures, Math.min(at * A_SECOND, CERTIFICATES));
    }
    assert.deepEqual([...audiences], ['one']);
    assert.deepEqual(state(), { last: { live: CERTIFICATES, ready: CERTIFICATES }, signed: CERTIFICATES });
    for (let number = 1; number <= CERTIFICATES; number += 1)
      assert.equal(statusOf(responder, number), isRevoked(number) ? 'revoked' : 'good');
    for (const number of [9_001, 9_002, 9_003]) assert.equal(statusOf(responder, number), 'nothing');
    isUnavailable = true;
    now += 20 * MINUTE_MS;
    assert.equal(statusOf(responder, 1), 'good', 'nobody notices that the signer is unavailable');
  });

  it('are signed and kept by each of two processes, each within its own limit per second', async () => {
    const [one, other] = [responding(), responding()];
    await one.run();
    assert.equal(signatures, A_SECOND);
    await other.run();
    assert.equal(signatures, 2 * A_SECOND, 'an OCSP signer signs for both');
    await runs(RUNS, one.run);
    assert.deepEqual(
      [statusOf(one.responder, CERTIFICATES - 1), statusOf(other.responder, CERTIFICATES - 1)],
      ['good', 'nothing'],
    );
  });

  it('are renewed at half their lifetime, made for new certificates within a minute, and withdrawn by a revocation', async () => {
    const { responder, run } = responding();
    await runs(RUNS, run);
    unwrap(await store.transaction((tx) => certify(tx, record(9_500))));
    const revoked: StoredState = { status: 'revoked', at: now, reason: 'superseded', invalidityDate: null };
    unwrap(await store.transaction((tx) => setState(tx, idOf(7), [revoked, { at: now, actor: 'account:officer-1' }])));
    responder.withdraw(authority.issuer.id, serialOf(7));
    now = start + MINUTE_MS;
    await run();
    assert.equal(signatures, CERTIFICATES + 2);
    assert.deepEqual([statusOf(responder, 9_500), statusOf(responder, 7)], ['good', 'revoked']);
    now = start + ANSWERS.lifeMs / 2 + MINUTE_MS;
    assert.equal(statusOf(responder, 1), 'nothing');
    await runs(RUNS + 1, run);
    assert.equal(signatures, 2 * CERTIFICATES + 3);
    assert.equal(statusOf(responder, 1), 'good');
  });

  it('are not signed again after a restart if the database still agrees with them', async () => {
    unwrap(await store.transaction((tx) => certifyAll(tx, CERTIFICATES + 1, MANY)));
    const before = responding();
    await runs(Math.ceil(MANY / A_SECOND), before.run);
    const lines = before.responder.cachedAnswers().map(formatSavedAnswer);
    unwrap(
      await store.transaction((tx) =>
        setState(tx, idOf(3), [
          { status: 'suspended', at: now, invalidityDate: null },
          { at: now, actor: 'account:officer-1' },
        ]),
      ),
    );
    const { responder, run, state } = responding();
    for (const line of lines) responder.restore(parseSavedAnswer(line) ?? assert.fail('a line of ours'));
    signatures = 0;
    await run();
    assert.equal(signatures, 1);
    assert.deepEqual(state(), { last: { live: MANY, ready: MANY }, signed: 1 });
    assert.deepEqual(
      [statusOf(responder, 1), statusOf(responder, 3), statusOf(responder, 50)],
      ['good', 'revoked', 'revoked'],
    );
  });

  it('try a signer that is down once per second, and log that once', async () => {
    const { run, state } = responding();
    isUnavailable = true;
    await runs(10, run);
    assert.equal(signatures, 10);
    assert.equal(events.filter((event) => event === 'sign-ahead.behind').length, 1);
    isUnavailable = false;
    await runs(RUNS, run);
    assert.deepEqual(state().last, { live: CERTIFICATES, ready: CERTIFICATES - 10 });
    now += MINUTE_MS;
    await run();
    assert.deepEqual(state().last, { live: CERTIFICATES, ready: CERTIFICATES });
    assert.equal(events.at(-1), 'sign-ahead.complete');
  });

  it('do not evict requested responses: without room the rest is signed on request', async () => {
    const { responder, run, state } = responding({ cacheEntriesMax: 100 });
    await responder.answer(ocspRequestFor(authority.issuer, serialOf(CERTIFICATES)));
    await runs(RUNS, run);
    assert.equal(statusOf(responder, CERTIFICATES), 'good');
    const { last } = state();
    assert.equal(last?.live, CERTIFICATES);
    assert.ok(last.ready >= 90 && last.ready <= 93, `${last.ready}`);
    now += HOUR_MS;
  });
});
