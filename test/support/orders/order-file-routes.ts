import assert from 'node:assert/strict';
import type { RunningService } from '../service/describe-service.js';
import { until } from '../until.js';

/** Cancels an order whose lines all have their outcomes, and calls each route of its files once. */
export async function callOrderFileRoutes({ cards }: RunningService, id: string): Promise<void> {
  const at = `/v1/orders/${id}`;
  await cards.expect('POST', `${at}/cancellation`, { body: {} });
  await until('the receipt is signed', async () => (await cards.call('GET', `${at}/receipt`)).status === 200);
  assert.equal((await cards.expect<readonly object[]>('GET', `${at}/results`)).length, 2);
  assert.equal((await cards.expect<readonly object[]>('GET', `${at}/bundle`)).length, 2);
  const report = { line: 1, card: 'none', outcome: 'failed', onCard: [], at: '2026-03-01T10:00:00Z' };
  const sent = { raw: JSON.stringify(report), type: 'application/x-ndjson' };
  const answers = await cards.expect('POST', `${at}/acknowledgements`, sent);
  assert.deepEqual(answers, [{ line: 1, result: 'unknown-line', live: false }]);
  assert.deepEqual(await cards.expect('GET', `${at}/acknowledgements`), []);
  assert.equal((await cards.expect<{ readonly keys: readonly object[] }>('GET', '/v1/keys')).keys.length, 1);
}
