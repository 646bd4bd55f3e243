import assert from 'node:assert/strict';
import { canonicalJson } from '../../../src/kernel/json.js';
import { unwrap } from '../db/fixture.js';
import { openServiceStore } from '../service/database.js';
import type { RunningService } from '../service/describe-service.js';
import { callOrderFileRoutes } from './order-file-routes.js';

type ShownOrder = { readonly id: string; readonly state: string };

/** Calls each route of orders once, with success. */
export async function callOrderRoutes(running: RunningService): Promise<void> {
  const { cards, officer, shared } = running;
  const upload = { raw: '{}\n{}\n', type: 'application/x-ndjson' };
  const submit = () => cards.expect<ShownOrder>('POST', '/v1/orders?paused=true&reference=routes', upload);
  const [one, other] = [await submit(), await submit()];
  const { orders } = await officer.expect<{ readonly orders: readonly ShownOrder[] }>('GET', '/v1/orders?limit=200');
  assert.ok([one, other].every(({ id }) => orders.some((order) => order.id === id)));
  const states: string[] = [];
  for (const control of ['pause', 'resumption', 'pause', 'cancellation'])
    states.push((await cards.expect<ShownOrder>('POST', `/v1/orders/${one.id}/${control}`, { body: {} })).state);
  assert.deepEqual(states, ['paused', 'accepted', 'paused', 'cancelling']);
  assert.equal((await officer.expect<ShownOrder>('GET', `/v1/orders/${other.id}`)).state, 'paused');
  // No worker settles a line of an order that is paused.
  const store = await openServiceStore(shared.service.at);
  const settled = [1, 2].map((line) => {
    const result = canonicalJson({ card: null, line, outcome: 'cancelled' });
    return { orderId: other.id, line, outcome: 'cancelled', cardTokenId: null, result, settledAt: 0 } as const;
  });
  unwrap(await store.transaction((tx) => tx.insertOrderLines(settled)));
  await store.close();
  const shown = { card: null, line: 1, outcome: 'cancelled' };
  assert.deepEqual(await cards.expect('GET', `/v1/orders/${other.id}/lines/1`), shown);
  // Cancelled lines have no problem.
  assert.deepEqual(await cards.expect('GET', `/v1/orders/${other.id}/problems`), { problems: [] });
  await callOrderFileRoutes(running, other.id);
}
