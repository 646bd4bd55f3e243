/**
 * Answers of many lines, while the rights of their account change. Without this test an account
 * that was disabled because it was stolen could go on reading for hours, by reading slowly.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Authenticate } from '../../../../src/http/api/authenticate.js';
import type { ApiContext } from '../../../../src/http/api/handler.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { err, ok } from '../../../../src/kernel/result.js';
import type { World } from '../../../../src/operations/world.js';
import type { Account } from '../../../../src/ports/store/accounts.js';
import { fault } from '../../../../src/texts/text.js';
import { CARDS, createBareApi } from '../../../support/servers/bare-api.js';
import { SILENT_LOG } from '../../../support/status/authority.js';
import { NOW, testPolicy } from '../../policy/fixtures.js';

const AUDITOR: Account = { ...CARDS, id: 'auditor', roles: ['auditor'] };
const [PAGES, ENTRIES_A_PAGE] = [20, 200];
const REFUSED = err({
  failure: { kind: 'not-permitted', ...fault('account-enabled') },
  accountId: AUDITOR.id,
  certificateSha256: null,
} as const);

/** Exports a log of a few thousand entries; the client is `later` from the third check on. */
async function linesUntilEnd(later: Awaited<ReturnType<Authenticate>>, form: 'csv' | 'ndjson'): Promise<number> {
  let pages = 0;
  const keys = { at: NOW, type: 'x', outcome: 'success', actor: 'system', requestId: null, subjectId: null };
  const bytes = utf8('{"details":{},"node":"n"}');
  const entry = { seq: 1, bytes, keys, leafHash: new Uint8Array(32), chainHash: new Uint8Array(32) };
  const read = async () => {
    pages += 1;
    return ok(ok({ items: Array(ENTRIES_A_PAGE).fill(entry), next: pages === PAGES ? null : 'more' }));
  };
  const world = { policy: testPolicy(), clock: () => NOW, store: { read }, log: SILENT_LOG } as unknown as World;
  let checks = 0;
  const server = createBareApi({
    context: { world, tagsOf: () => [] } as unknown as ApiContext,
    recheckMs: 0,
    authenticate: async () => {
      checks += 1;
      return checks < 3 ? ok({ kind: 'account', account: AUDITOR }) : later;
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let text = '';
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/v1/audit/export?as=${form}`);
    assert.equal(answer.status, 200);
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? assert.fail('a body')) text += decoder.decode(chunk, { stream: true });
    return text.split('\n').length - 1;
  } catch {
    return -1;
  } finally {
    server.close();
  }
}

describe('an answer of many lines', () => {
  it('is whole for an account whose rights stay as they are', async () => {
    const lines = await linesUntilEnd(ok({ kind: 'account', account: { ...AUDITOR, name: 'renamed' } }), 'ndjson');
    assert.equal(lines, PAGES * ENTRIES_A_PAGE);
  });

  it('breaks off when its account may not read any more, or has other rights', async () => {
    const limited = { ...AUDITOR, scope: { ...AUDITOR.scope, structures: ['10B0057881'] } };
    const reduced: Account = { ...AUDITOR, roles: ['support'] };
    for (const form of ['csv', 'ndjson'] as const) {
      assert.equal(await linesUntilEnd(REFUSED, form), -1);
      assert.equal(await linesUntilEnd(ok({ kind: 'account', account: limited }), form), -1);
      assert.equal(await linesUntilEnd(ok({ kind: 'account', account: reduced }), form), -1);
    }
  });
});
