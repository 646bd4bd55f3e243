/**
 * Lines of orders whose outcome depends on a time. Their outcomes are final: without these tests a
 * wrong clock, or the end of an account, could refuse cards that are issued a minute later.
 */
import assert from 'node:assert/strict';
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { assertComplete } from '../../support/orders/assert-complete.js';
import {
  CARD_MANAGEMENT,
  CARDS,
  createBench,
  orderOf,
  outcomesOf,
  submit,
  workOnce,
  workUntilDone,
} from '../../support/orders/order-bench.js';
import { NOW } from '../../unit/policy/fixtures.js';

describeOnEach('a line of an order', ({ opened }) => {
  it('is refused for no rule about times while the clock of the node is wrong', async () => {
    const [database, time] = [{ now: NOW }, { now: NOW }];
    const bench = await createBench({ store: await opened({ clock: () => database.now }), time });
    const ids = [await submit(bench, CARDS.slice(0, 2)), await submit(bench, CARDS.slice(2, 4), { dryRun: true })];
    // The identities were verified later.
    time.now = Date.UTC(2026, 1);
    for (const id of ids) {
      assert.equal(await workOnce(bench, id), 'failed');
      assert.deepEqual(await outcomesOf(bench, id), ['-', '-']);
    }
    database.now += MINUTE_MS;
    time.now = database.now;
    for (const id of ids) await workUntilDone(bench, id);
    assert.deepEqual(await Promise.all(ids.map((id) => outcomesOf(bench, id))), [
      ['issued', 'issued'],
      ['would-issue', 'would-issue'],
    ]);
  });

  it('waits if the account ends before it is begun', async () => {
    const time = { now: NOW };
    const bench = await createBench({ store: await opened({ clock: () => time.now }), time });
    const end = NOW + SECOND_MS / 2;
    unwrap(await bench.store.transaction((tx) => tx.updateAccount({ ...CARD_MANAGEMENT, expiresAt: end })));
    const id = await submit(bench, CARDS);
    // The order is not read again before a second has passed.
    bench.hooks.beforeSignature = async () => {
      bench.time.now = end;
    };
    await workOnce(bench, id);
    const { state, counts } = await orderOf(bench, id);
    assert.deepEqual([state, counts.refused], ['working', 0]);
    assert.ok(counts.issued > 0 && counts.issued < 80, JSON.stringify(counts));
    unwrap(await bench.store.transaction((tx) => tx.updateAccount({ ...CARD_MANAGEMENT, expiresAt: null })));
    await workUntilDone(bench, id);
    assert.equal((await orderOf(bench, id)).counts.issued, 80);
    await assertComplete(bench, id);
  });
});
