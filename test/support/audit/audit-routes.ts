import assert from 'node:assert/strict';
import { assertProblem, type Client } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';
import { callCeremonyRoutes, callPolicyRoutes } from './record-routes.js';

/** Calls the route of one entry, and the search with a cursor that it did not make. */
export async function callAuditRoutes({ officer, shared }: RunningService): Promise<void> {
  type Entry = { readonly broken: string | null; readonly previousChainHash: string };
  const { broken, previousChainHash } = await officer.expect<Entry>('GET', '/v1/audit/entries/1');
  assert.deepEqual([broken, previousChainHash], [null, '0'.repeat(64)]);
  const answer = await officer.call('GET', '/v1/audit/entries?cursor=MTox');
  assertProblem(answer, { status: 400, code: 'invalid-request', pointer: '?/cursor', rule: 'cursor-known' });
  await exportEntries(shared.as('auditor'));
  await callCeremonyRoutes(shared.as('auditor'), shared.as('support'));
  await callPolicyRoutes(shared.as('support'));
}

type ChainLink = { readonly entry: { readonly seq: number }; readonly chainHash: string };

/** The export has the entries of the search without its pages, in both forms. */
async function exportEntries(auditor: Client): Promise<void> {
  const filter = 'type=account.added';
  const { entries } = await auditor.expect<{ readonly entries: readonly ChainLink[] }>(
    'GET',
    `/v1/audit/entries?limit=200&${filter}`,
  );
  assert.ok(entries.length > 1);
  const lines = await auditor.expect<readonly ChainLink[]>('GET', `/v1/audit/export?as=ndjson&${filter}`);
  assert.deepEqual(lines, entries);
  const table = await auditor.call('GET', `/v1/audit/export?as=csv&${filter}`);
  const [head, ...rows] = String(table.body).trimEnd().split('\r\n');
  assert.match(head ?? '', /^seq,at,type,outcome,actor,/);
  assert.deepEqual(
    rows.map((row) => [Number(row.split(',')[0]), row.split(',').at(-1)]),
    entries.map(({ entry, chainHash }) => [entry.seq, chainHash]),
  );
  const formless = await auditor.call('GET', '/v1/audit/export');
  assertProblem(formless, { status: 400, code: 'invalid-request', pointer: '?/as', rule: 'member-required' });
}
