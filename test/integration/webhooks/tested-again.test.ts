/**
 * Test events that are requested again. Without this test a repetition could be answered with an
 * error where retention has deleted the first event and not yet its Idempotency-Key.
 */
import assert from 'node:assert/strict';
import { deleteOldWebhookEventsJob } from '../../../src/jobs/webhooks/retention.js';
import { testWebhook } from '../../../src/operations/webhooks/operate-webhooks.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { DAY_MS, NOW } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';

const ENDPOINT = { name: 'cards', url: 'https://receiver.test/', topics: ['order.*'], accounts: null } as const;

describeOnEach('a test event', ({ opened }) => {
  it('is the same for its Idempotency-Key, and a new one when the first was deleted after 30 days', async () => {
    let now = NOW;
    let made = 0;
    const store = await opened({ clock: () => now });
    const random = (length: number) => {
      made += 1;
      return new Uint8Array(length).fill(made);
    };
    const account = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] } as typeof CARD_MANAGEMENT;
    const caller = { account, endpoints: [ENDPOINT] };
    const claim = { account: account.id, route: 'POST /v1/webhooks/cards/test', key: 'one' };
    const idempotency = { claim, bodySha256: 'b'.repeat(64) };
    const request = async () =>
      unwrap(await testWebhook({ store, random }, caller, { endpoint: ENDPOINT.name, idempotency })).event;
    const first = await request();
    assert.equal(await request(), first);
    unwrap(
      await store.transaction(async (tx) => {
        const delivery = { endpoint: ENDPOINT.name, event: first };
        const attempt = { attempts: 1, firstAt: now, nextAt: null, lastStatus: 204, lastError: null, doneAt: now };
        await tx.updateDeliveries([{ delivery, progress: { ...attempt, state: 'delivered' } }]);
      }),
    );
    now += 30 * DAY_MS + 1;
    const parts = { webhooks: { endpoints: [ENDPOINT] } };
    await workDue(deleteOldWebhookEventsJob, parts, sharedWorldOf(store));
    const second = await request();
    assert.notEqual(second, first);
    assert.equal(await request(), second);
  });
});
