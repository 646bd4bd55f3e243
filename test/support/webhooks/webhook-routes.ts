import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { unwrap } from '../db/fixture.js';
import { openServiceStore } from '../service/database.js';
import type { RunningService } from '../service/describe-service.js';
import { SHARED_ENDPOINT } from '../service/shared.js';

type Delivery = { readonly id: string; readonly state: string };
type Page = { readonly deliveries: readonly Delivery[] };

/** Calls each route of webhooks once, with success. */
export async function callWebhookRoutes({ officer, shared }: RunningService): Promise<void> {
  const path = `/v1/webhooks/${SHARED_ENDPOINT.name}`;
  const { endpoints } = await officer.expect<{ readonly endpoints: readonly object[] }>('GET', '/v1/webhooks');
  assert.equal(endpoints.length, 1);
  const tested = await officer.expect<Delivery>('POST', `${path}/test`, { body: {} });
  assert.equal(tested.state, 'waiting');
  const store = await openServiceStore(shared.service.at);
  const at = Date.now();
  const subjects = ['replayed', 'dropped'];
  const dead = await store.transaction(async (tx) => {
    const topic = 'webhook.test';
    const events = await tx.publish(subjects.map((subject) => ({ topic, subject, account: null, at, data: {} })));
    for (const [index, subject] of subjects.entries()) {
      const key = { endpoint: SHARED_ENDPOINT.name, event: present(events[index], 'the number of an event') };
      await tx.insertDeliveries([{ ...key, subject, nextAt: at }]);
      const tried = { attempts: 1, firstAt: at, nextAt: null, lastStatus: 410, lastError: 'HTTP 410', doneAt: null };
      await tx.updateDeliveries([{ delivery: key, progress: { state: 'dead', ...tried } }]);
    }
    return events;
  });
  await store.close();
  const [replayed = 0, dropped = 0] = unwrap(dead);
  const page = await officer.expect<Page>('GET', `${path}/deliveries?state=dead`);
  assert.deepEqual(
    page.deliveries.map(({ id }) => id),
    [String(dropped), String(replayed)],
  );
  const read = await officer.expect<Delivery>('GET', `${path}/deliveries/${dropped}`);
  assert.deepEqual([read.id, read.state], [String(dropped), 'dead']);
  const again = await officer.expect<Delivery>('POST', `${path}/deliveries/${replayed}/replay`, { body: {} });
  assert.equal(again.state, 'waiting');
  const ended = await officer.expect<Delivery>('POST', `${path}/deliveries/${dropped}/drop`, { body: {} });
  assert.equal(ended.state, 'dropped');
}
