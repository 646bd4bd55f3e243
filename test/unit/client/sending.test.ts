/**
 * When the typed client sends a request again. Without this test it could issue twice after a lost
 * connection, or give up when the service only asks it to wait.
 */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { PfcngError } from '../../../src/client/failure.js';
import { linesOf, pagesOf } from '../../../src/client/lists.js';
import { type OutgoingRequest, send } from '../../../src/client/sending.js';

type Reply = (response: ServerResponse) => void;

describe('the typed client', () => {
  let server: Server;
  let url: string;
  let replies: Reply[] = [];
  let keys: (string | string[] | undefined)[] = [];
  const agent = new Agent();
  const connections = { current: () => agent, close: () => agent.close() };

  before(async () => {
    server = createServer((request: IncomingMessage, response) => {
      keys.push(request.headers['idempotency-key']);
      request.resume().on('end', () => (replies.shift() ?? with200)(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/certificates`;
  });
  after(async () => {
    await agent.destroy();
    server.close();
  });
  beforeEach(() => {
    [replies, keys] = [[], []];
  });

  const with200: Reply = (response) => response.end('{}');
  const status =
    (code: number, headers = {}, body = ''): Reply =>
    (response) =>
      response.writeHead(code, { 'retry-after': '0', ...headers }).end(body);
  const cut: Reply = (response) => response.destroy();
  const post = (headers: Record<string, string> = {}): OutgoingRequest => ({
    url,
    method: 'POST',
    headers: new Headers(headers),
    body: () => '{}',
  });

  it('repeats 409 in-progress, 429, 503 and lost connections under the same key', async () => {
    replies = [cut, status(503), status(429), status(409, {}, '{"code":"in-progress"}')];
    const answer = await send({ connections, deadlineMs: 60_000 }, post({ 'idempotency-key': 'k' }));
    assert.equal(answer.status, 200);
    assert.deepEqual(keys, ['k', 'k', 'k', 'k', 'k']);
  });

  it('does not repeat a lost request that the service would not recognise, nor another conflict', async () => {
    replies = [cut];
    const lost = send({ connections, deadlineMs: 60_000 }, post());
    await assert.rejects(lost, (error) => error instanceof PfcngError && error.failure.code === 'no-answer');
    replies = [status(409, {}, '{"code":"state-conflict"}')];
    const conflict = await send({ connections, deadlineMs: 60_000 }, post({ 'idempotency-key': 'k' }));
    assert.equal(conflict.status, 409);
    assert.equal(keys.length, 2);
  });

  it('answers what the service says last when the next time would be after the deadline', async () => {
    replies = [status(503, { 'retry-after': '3600' })];
    const answer = await send({ connections, deadlineMs: 60_000 }, post({ 'idempotency-key': 'k' }));
    assert.equal(answer.status, 503);
    assert.equal(keys.length, 1);
  });

  it('reads a list to its last page, and lines however they are cut', async () => {
    const pages = [{ nextCursor: 'a' }, { nextCursor: null }];
    const seen: (string | undefined)[] = [];
    for await (const _ of pagesOf(async ({ cursor }) => {
      seen.push(cursor);
      return pages.shift() ?? assert.fail('a page too many');
    }));
    assert.deepEqual(seen, [undefined, 'a']);
    const lines: unknown[] = [];
    for await (const line of linesOf(streamOf('{"a":"é', '"}\n{"a":2', '}\n'))) lines.push(line);
    assert.deepEqual(lines, [{ a: 'é' }, { a: 2 }]);
    const sent = ['{"a":1}\n', '{"a"'].map((text) => new TextEncoder().encode(text));
    const cut = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const part = sent.shift();
        if (part === undefined) controller.error(new Error('the connection was closed'));
        else controller.enqueue(part);
      },
    });
    for (const stream of [streamOf('{"a":1}\n{"a"'), cut]) {
      const broken = async () => {
        for await (const _ of linesOf(stream));
      };
      await assert.rejects(broken, (error) => {
        assert.ok(error instanceof PfcngError);
        assert.deepEqual(error.failure, { code: 'answer-broken', line: 2 });
        return true;
      });
    }
  });
});

function streamOf(...parts: readonly string[]): ReadableStream<Uint8Array> {
  return new Blob([...parts]).stream();
}
