/**
 * Pausing, resuming and cancelling orders. Without these guards, anybody could stop the orders of
 * others, and those of a stolen account would go on after it was disabled.
 */
import assert from 'node:assert/strict';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { BUREAU, CARDS, type Intake, OFFICER, OTHER, openIntake } from '../../support/orders/intake.js';

describeOnEach('an order', ({ opened }) => {
  let store: Store;
  let intake: Intake;
  let id: string;

  beforeEach(async () => {
    store = await opened();
    intake = await openIntake(store);
    id = (await intake.send('/v1/orders', { body: '{}\n{}\n' })).body.id;
  });
  afterEach(() => intake.close());

  const control = (name: string, as = CARDS) => intake.send(`/v1/orders/${id}/${name}`, { as, body: '{}' });
  const audited = async () => (await storedAudit(store)).map(({ type, actor }) => `${type} by ${actor}`);

  it('is paused, resumed and cancelled, each with one audit entry however often it is repeated', async () => {
    for (const [name, state] of [
      ['pause', 'paused'],
      ['resumption', 'accepted'],
      ['cancellation', 'cancelling'],
    ] as const)
      for (const _ of [1, 2]) {
        const { status, body } = await control(name);
        assert.deepEqual([status, body.state], [200, state]);
      }
    assert.deepEqual(await audited(), [
      'order.accepted by account:cards',
      'order.paused by account:cards',
      'order.resumed by account:cards',
      'order.cancelled by account:cards',
    ]);
  });

  it('is controlled by its account and by officers, and by nobody else', async () => {
    assert.equal((await control('pause', OTHER)).status, 404);
    assert.equal((await control('pause', BUREAU)).status, 403);
    const paused = await control('pause', OFFICER);
    assert.deepEqual([paused.status, paused.body.pausedBy], [200, OFFICER.id]);
  });

  it('that is being cancelled is not paused: the conflict names its rule', async () => {
    await control('cancellation');
    const { status, body } = await control('pause');
    assert.deepEqual([status, body.code, body.rule], [409, 'state-conflict', 'order-cancelling']);
  });

  it('is paused by the system when its account is disabled, and not resumed before it is enabled', async () => {
    const world = { store, clock: intake.world.clock };
    const change = (what: 'disable' | 'enable') =>
      changeAccount(world, { id: CARDS.id, change: what }, { login: 'root' });
    unwrap(await change('disable'));
    const { state, pausedBy } = await intake.order(id);
    assert.deepEqual([state, pausedBy], ['paused', 'system']);
    assert.ok((await audited()).includes('order.paused by system'));
    const refused = await control('resumption', OFFICER);
    assert.deepEqual([refused.status, refused.body.rule], [409, 'order-account-enabled']);
    unwrap(await change('enable'));
    assert.equal((await control('resumption')).body.state, 'accepted');
  });

  it('shows the outcome of a line as soon as it has one', async () => {
    const line = (number: string) => intake.send(`/v1/orders/${id}/lines/${number}`, { method: 'GET' });
    for (const number of ['1', '0', '3', 'x']) assert.equal((await line(number)).status, 404, number);
    const result = '{"card":null,"line":1,"outcome":"cancelled"}';
    const settled = { orderId: id, line: 1, outcome: 'cancelled', cardTokenId: null, result, settledAt: 0 } as const;
    unwrap(await store.transaction((tx) => tx.insertOrderLines([settled])));
    assert.deepEqual((await line('1')).body, JSON.parse(result));
  });
});
