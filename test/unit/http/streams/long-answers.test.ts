/**
 * Answers of many lines, while the rights of their account change. Without this test an account
 * that was disabled because it was stolen could go on reading for hours, by reading slowly.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Koa from 'koa';
import type { Authenticate } from '../../../../src/http/api/authenticate.js';
import type { ApiContext } from '../../../../src/http/api/handler.js';
import { streamBody } from '../../../../src/http/server/stream-body.js';
import type { ApiExchange } from '../../../../src/http/trail/exchange.js';
import { sendText } from '../../../../src/http/trail/long-answers.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { MINUTE_MS } from '../../../../src/kernel/duration.js';
import { err, ok } from '../../../../src/kernel/result.js';
import type { World } from '../../../../src/operations/world.js';
import type { Account } from '../../../../src/ports/store/accounts.js';
import type { Log } from '../../../../src/ports/world.js';
import { fault } from '../../../../src/texts/text.js';
import { CARDS, createBareApi, listening } from '../../../support/servers/bare-api.js';
import { SILENT_LOG } from '../../../support/status/authority.js';
import { NOW, testPolicy } from '../../policy/fixtures.js';

const AUDITOR: Account = { ...CARDS, id: 'auditor', roles: ['auditor'] };
const [PAGES, ENTRIES_A_PAGE] = [20, 200];
const REFUSED = err({
  failure: { kind: 'not-permitted', ...fault('account-enabled') },
  accountId: AUDITOR.id,
  certificateSha256: null,
} as const);

const AWAY = { kind: 'database-unavailable', retryAfterMs: 1, detail: 'away' } as const;

/** The messages of the answers that broke off since they were last taken. */
const brokenOff: string[] = [];
const LOG: Log = {
  ...SILENT_LOG,
  warn: (event, fields) => void brokenOff.push(`${event} ${fields?.route}: ${String(fields?.message).split('\n')[0]}`),
};
const takeBrokenOff = (): readonly string[] => brokenOff.splice(0);

/** Exports a log of a few thousand entries; the client is `later` from the third check on. */
async function linesUntilEnd(
  later: Awaited<ReturnType<Authenticate>>,
  form: 'csv' | 'ndjson',
  pagesMax = PAGES,
): Promise<number> {
  let pages = 0;
  const keys = { at: NOW, type: 'x', outcome: 'success', actor: 'system', requestId: null, subjectId: null };
  const bytes = utf8('{"details":{},"node":"n"}');
  const entry = { seq: 1, bytes, keys, leafHash: new Uint8Array(32), chainHash: new Uint8Array(32) };
  const read = async () => {
    pages += 1;
    if (pages > pagesMax) return err(AWAY);
    return ok(ok({ items: Array(ENTRIES_A_PAGE).fill(entry), next: pages === PAGES ? null : 'more' }));
  };
  const world = { policy: testPolicy(), clock: () => NOW, store: { read }, log: LOG } as unknown as World;
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
    assert.deepEqual(takeBrokenOff(), []);
  });

  it('breaks off when its account may not read any more, or has other rights', async () => {
    const limited = { ...AUDITOR, scope: { ...AUDITOR.scope, structures: ['10B0057881'] } };
    const reduced: Account = { ...AUDITOR, roles: ['support'] };
    for (const form of ['csv', 'ndjson'] as const) {
      assert.equal(await linesUntilEnd(REFUSED, form), -1);
      assert.equal(await linesUntilEnd(ok({ kind: 'account', account: limited }), form), -1);
      assert.equal(await linesUntilEnd(ok({ kind: 'account', account: reduced }), form), -1);
      const changed = 'Error: the rights of the account have changed';
      assert.deepEqual(
        takeBrokenOff(),
        ['Error: the client is refused: not-permitted', changed, changed].map(
          (message) => `http.answer-broken-off /v1/audit/export: ${message}`,
        ),
      );
    }
  });

  it('that the database breaks off is in the log with the reason', async () => {
    const same = ok({ kind: 'account', account: AUDITOR } as const);
    assert.equal(await linesUntilEnd(same, 'ndjson', 2), -1);
    const [line, ...others] = takeBrokenOff();
    assert.match(line ?? '', /^http\.answer-broken-off \/v1\/audit\/export: .*database-unavailable/);
    assert.deepEqual(others, []);
  });

  it('to an upload is not in the log when its client leaves', async () => {
    let hasFailed = false;
    const app = new Koa();
    app.silent = true;
    app.use((ctx) => {
      Object.assign(ctx.state, { requestId: 'r', route: null });
      const read = streamBody(ctx.req, { bytesMax: 100, idleMs: MINUTE_MS, totalMs: MINUTE_MS });
      const lines = async function* (): AsyncGenerator<string> {
        for (;;) {
          const chunk = await read();
          if (!chunk.ok) {
            hasFailed = true;
            throw new Error(chunk.error.kind);
          }
          yield 'a line\n';
        }
      };
      sendText(ctx as unknown as ApiExchange, lines(), LOG);
    });
    const server = await listening(createServer(app.callback()));
    try {
      const client = connect(server.port, '127.0.0.1');
      client.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 50\r\n\r\nfirst');
      await once(client, 'data');
      client.destroy();
      while (!hasFailed) await sleep(5);
      await sleep(50);
    } finally {
      await server.close();
    }
    assert.deepEqual(takeBrokenOff(), []);
  });
});
