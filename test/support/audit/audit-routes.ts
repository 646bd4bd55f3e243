import assert from 'node:assert/strict';
import { assertProblem } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';

/** Calls the route of one entry, and the search with a cursor that it did not make. */
export async function callAuditRoutes({ officer }: RunningService): Promise<void> {
  type Entry = { readonly broken: string | null; readonly previousChainHash: string };
  const { broken, previousChainHash } = await officer.expect<Entry>('GET', '/v1/audit/entries/1');
  assert.deepEqual([broken, previousChainHash], [null, '0'.repeat(64)]);
  const answer = await officer.call('GET', '/v1/audit/entries?cursor=MTox');
  assertProblem(answer, { status: 400, code: 'invalid-request', pointer: '?/cursor', rule: 'cursor-known' });
}
