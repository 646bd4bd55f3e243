/**
 * The lane before node:http, on real sockets. What is sent in one piece is read by the lane, the same in two pieces by node:http: the
 * answers have to be the same octets.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { drain } from '../../../src/http/server/listening.js';
import { type FastLaneServe, installFastLane } from '../../../src/http/status/fast-lane/lane.js';
import { createPublishedFiles } from '../../../src/http/status/files.js';
import { createPublicationServer } from '../../../src/http/status/server.js';
import { createSlowReaders } from '../../../src/http/status/slow-readers.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { OcspAnswer } from '../../../src/ocsp/answer.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import type { OcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import { SILENT_LOG } from '../../support/status-authority.js';

const NOW = Date.UTC(2026, 2, 1, 10);
/** In memory, as one piece and behind its head, and more than is kept in memory. */
const LISTS = { 'SHORT.crl': 900, 'LONG.crl': 300_000, 'LARGE.crl': 3 * 1024 * 1024 };
const KEPT = { smallBytesMax: 1024 * 1024, bytesMax: 1024 * 1024, togetherBytesMax: 4 * 1024 * 1024 };
const TAG = '"kept"';

/** Requests that begin with 0 are kept, with 1 answered soon, with 2 for nobody else, with 3 never. */
function createResponder(): Pick<OcspResponder, 'answer' | 'cached'> & { readonly free: () => void } {
  const waiting: (() => void)[] = [];
  const cacheable = { maxAgeMs: 300_000, etag: TAG, lastModified: NOW, expires: NOW + 300_000 };
  const tell = (request: string): OcspAnswer => ({
    bytes: Buffer.from(`answer to ${request.length}`),
    source: 'cache',
    cacheable: request.startsWith('2') ? null : cacheable,
  });
  return {
    cached: (key) => (key.startsWith('0') ? tell(key) : null),
    answer: async (der) => {
      const request = requestKey(der);
      if (request.startsWith('3')) await new Promise<void>((resolve) => waiting.push(resolve));
      if (request.startsWith('4')) throw new Error('cannot be');
      return tell(request);
    },
    free: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const TARGETS = fc.oneof(
  fc.constantFrom('/', '/ocsp', '/ocsp/', '/PC', '/AC/ACR-FO.cer', '/AC/none.cer', '/CRL/none.crl', '/CRL/', '//'),
  fc.constantFrom(...Object.keys(LISTS).map((name) => `/CRL/${name}`)),
  fc.constantFrom('0a', '1a', '2a', '4a').map((text) => `/ocsp/${Buffer.from(text).toString('base64')}`),
  fc.constantFrom(
    '/MA==',
    '/MA%3D%3D',
    '/MA==?x=y',
    'http://a/MA==',
    '/%',
    '*',
    '/CRL/SHORT.crl?x',
    '/CRL/SHORT.crl#x',
  ),
  fc.webPath(),
);
const FIELDS = fc.oneof(
  fc.constantFrom(
    'Host: a',
    'Host:',
    'Connection: keep-alive',
    'connection: Keep-Alive',
    'Connection: close',
    'Accept: */*',
  ),
  fc.constantFrom(`If-None-Match: ${TAG}`, 'If-None-Match: *', `if-none-match: W/${TAG}, "x"`, 'If-None-Match: "x"'),
  fc.constantFrom(
    'Range: bytes=0-9',
    'Range: bytes=-1',
    'If-Range: "x"',
    'Keep-Alive: 5',
    'TE: trailers',
    'Upgrade: x',
  ),
  fc.constantFrom(
    'If-Modified-Since: Sun, 01 Mar 2026 10:00:00 GMT',
    'User-Agent: Java/17',
    'X-Forwarded-For: 1.2.3.4',
  ),
  fc.constantFrom(
    'Content-Type: application/ocsp-request',
    'content-type: application/ocsp-request; x=y',
    'Content-Type: a/b',
  ),
  fc.constantFrom('Accept : a', 'Accept', ' folded', 'Accept: a\tb', 'Accept: \xe9', 'A@: b', 'Expect: 100-continue'),
);
const REQUESTS = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'get'),
  target: TARGETS,
  version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'),
  fields: fc.array(FIELDS, { maxLength: 4 }),
  body: fc.constantFrom('', '', '0abc', '1abc', '2abc', '4abc'),
  length: fc.constantFrom('right', 'right', 'right', 'none', 'chunked', 'twice'),
});

describe('the lane', () => {
  let folder: string;
  let server: Server;
  let responder: ReturnType<typeof createResponder>;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-lane-'));
    for (const [name, length] of Object.entries(LISTS)) writeFileSync(join(folder, name), Buffer.alloc(length, 7));
    responder = createResponder();
    const operations = {
      ahead: async () => 'failed' as const,
      ...{ withdraw: () => undefined, forget: () => undefined, restore: () => undefined },
      ...{ cachedAnswers: () => [], size: () => ({ entries: 0, bytes: 0 }) },
    };
    server = createPublicationServer({
      responder: { ...responder, ...operations },
      crls: createPublishedFiles(folder, () => NOW, KEPT),
      authorities: new Map([['ACR-FO.cer', async () => Buffer.from('AUTHORITY')]]),
      practiceStatement: { path: '/PC', text: 'policy\n' },
      ...{ metrics: createMetrics(), log: SILENT_LOG, clock: () => NOW },
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    responder.free();
    for (const socket of sockets.splice(0)) socket.destroy();
    if (server.listening) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<{ readonly socket: Socket; readonly got: () => string }> => {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    const pieces: Buffer[] = [];
    socket.on('data', (piece) => void pieces.push(piece)).on('error', () => undefined);
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return { socket, got: () => Buffer.concat(pieces).toString('latin1') };
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(5);
  };
  /** All that comes, to the end of the connection, which this side begins. */
  const exchange = async (...pieces: readonly string[]): Promise<string> => {
    const { socket, got } = await open();
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await sleep(5);
      socket.write(piece, 'latin1');
    }
    socket.end();
    await once(socket, 'close');
    return got();
  };
  /** What of it can be compared, and read when it is not the same. */
  const undated = (answers: string) => {
    const text = answers.replaceAll(/\r\nDate: [^\r]*\r\n/g, '\r\nDate: now\r\n');
    return {
      begins: text.slice(0, 800),
      ends: text.slice(-100),
      sha256: createHash('sha256').update(text).digest('hex'),
    };
  };
  const post = (body: string): string =>
    `POST /ocsp HTTP/1.1\r\nHost: a\r\nContent-Type: application/ocsp-request\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const get = (target: string, more = ''): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const bodies = (answers: string): readonly string[] => answers.match(/answer to \d+/g) ?? [];

  it('answers as node:http does, octet for octet, whatever is asked and however', async function same() {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(REQUESTS, async ({ method, target: to, version, fields, body, length }) => {
        // What is broken off in the middle is answered by node:http as it happens to come.
        const framed = {
          right: [body === '' ? [] : [`Content-Length: ${body.length}`], body],
          none: [[], ''],
          twice: [[`Content-Length: ${body.length}`, `Content-Length: ${body.length}`], body],
          chunked: [
            ['Transfer-Encoding: chunked'],
            body === '' ? '0\r\n\r\n' : `${body.length}\r\n${body}\r\n0\r\n\r\n`,
          ],
        } as const;
        const [lengths, sent] = framed[length];
        const lines = [`${method} ${to} ${version}`, 'Host: b', ...fields, ...lengths];
        const text = `${lines.join('\r\n')}\r\n\r\n${sent}`;
        const [whole, apart] = await Promise.all([exchange(text), exchange(text.slice(0, 3), text.slice(3))]);
        assert.deepEqual(undated(whole), undated(apart), JSON.stringify(text));
      }),
      { numRuns: 400 },
    );
  });

  it('answers one after the other on a connection, and each of several that come together, in their order', async () => {
    const { socket, got } = await open();
    for (const [count, request] of [post('0'), post('1a'), get('/CRL/SHORT.crl'), post('0abc')].entries()) {
      socket.write(request);
      await until(() => (got().match(/HTTP\/1\.1 200/g) ?? []).length === count + 1);
    }
    socket.write(post('1ab') + post('0a') + post('2abcd'));
    await until(() => bodies(got()).length === 6);
    assert.deepEqual(
      bodies(got()).map((body) => body.replace(/\D/g, '')),
      ['1', '2', '4', '3', '2', '5'],
    );
  });

  it('keeps the order where more is asked before an answer is there', async () => {
    const { socket, got } = await open();
    socket.write(post('3ab'));
    await sleep(20);
    socket.write(post('0'));
    await sleep(20);
    socket.write(get('/CRL/SHORT.crl', 'Range: bytes=0-1\r\n') + post('0a'));
    await sleep(20);
    assert.equal(got(), '');
    responder.free();
    await until(() => bodies(got()).length === 3);
    assert.deepEqual(got().match(/answer to \d+|206 /g), ['answer to 3', 'answer to 1', '206 ', 'answer to 2']);
  });

  it("answers who says no more after a request, also when the answer takes its time, or is node:http's", async () => {
    assert.deepEqual(bodies(await exchange(post('0'))), ['answer to 1']);
    const slow = exchange(post('3'));
    await sleep(30);
    responder.free();
    assert.deepEqual(bodies(await slow), ['answer to 1']);
    assert.equal((await exchange(get('/CRL/LARGE.crl'))).length > LISTS['LARGE.crl'], true);
    assert.match(await exchange(post('4')), /^HTTP\/1\.1 503 /);
    assert.match(await exchange(get('/AC/ACR-FO.cer')), /AUTHORITY$/);
  });

  it('sends a long list whole to a reader who takes his time, and goes on after it', async () => {
    const { socket, got } = await open();
    socket.pause();
    for (let count = 0; count < 20; count += 1) socket.write(get('/CRL/LONG.crl'));
    socket.write(post('0'));
    await sleep(50);
    socket.resume();
    await until(() => bodies(got()).length === 1);
    assert.equal(got().split('\x07').length - 1, 20 * LISTS['LONG.crl']);
  });

  it('begins the requests of one connection one after the other, and no more of them than anybody asks ahead', async () => {
    const files = (): number => readdirSync('/proc/self/fd').length;
    const { socket, got } = await open();
    socket.pause();
    const before = files();
    socket.write(get('/CRL/LARGE.crl').repeat(1_000));
    for (let count = 0; count < 20; count += 1) {
      await sleep(10);
      assert(files() <= before + 3, `${files() - before} files more are open`);
    }
    socket.destroy();

    const asked = await open();
    asked.socket.write(get('/PC').repeat(1_000));
    await once(asked.socket, 'end');
    assert.equal(asked.got().match(/policy\n/g)?.length, 101);
    assert.match(asked.got().slice(-300), /Connection: close/i);
    assert.equal(asked.got().match(/Connection: close/gi)?.length, 1);
    assert.equal(got(), '');
  });

  it('ends its connections when the server does: idle ones at once, others after their answer', async () => {
    const [silent, idle, busy] = [await open(), await open(), await open()];
    idle.socket.write(post('0'));
    busy.socket.write(post('3abc'));
    await until(() => bodies(idle.got()).length === 1);
    const drained = drain(server);
    await Promise.all([once(silent.socket, 'end'), once(idle.socket, 'end')]);
    assert.equal(busy.got(), '');
    responder.free();
    await Promise.all([once(busy.socket, 'end'), drained]);
    assert.deepEqual(bodies(busy.got()), ['answer to 4']);
  });

  it('tells who asks again while the server ends that it was the last', async () => {
    const busy = await open();
    busy.socket.write(post('3abc'));
    await sleep(20);
    const drained = drain(server);
    busy.socket.write(post('0'));
    await sleep(20);
    responder.free();
    await Promise.all([once(busy.socket, 'end'), drained]);
    assert.deepEqual(bodies(busy.got()), ['answer to 4', 'answer to 1']);
    assert.match(busy.got(), /Connection: close/i);
  });

  /** The lane alone, before a server whose own answers nobody waits for. */
  async function laneOf(serve: FastLaneServe, held = createSlowReaders()): Promise<void> {
    server.close();
    server = createServer();
    installFastLane(server, { serve, held });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }

  it('reads no more of who does not take his answers', async () => {
    let served = 0;
    await laneOf(() => {
      served += 1;
      return 'x'.repeat(8_000_000);
    });
    const { socket } = await open();
    socket.pause();
    for (let count = 0; count < 20; count += 1) {
      socket.write(get('/ocsp/MAA='));
      await sleep(5);
    }
    assert.equal(served, 1);
  });

  it('cuts off who has had a long list longest, where too many octets of such are held', async () => {
    const lists = [Buffer.alloc(8_000_000), Buffer.alloc(8_000_000)];
    const serve = () => ({ head: 'HTTP/1.1 200 OK\r\n\r\n', bytes: lists.pop() ?? Buffer.alloc(0) });
    await laneOf(serve, createSlowReaders(12_000_000));
    const [first, second] = [await open(), await open()];
    for (const { socket } of [first, second]) {
      socket.pause();
      socket.write(get('/CRL/LONG.crl'));
      await sleep(20);
    }
    const ended = once(first.socket, 'end');
    first.socket.resume();
    await ended;
    assert.ok(first.got().length < 8_000_000);
    second.socket.resume();
    await until(() => second.got().length > 8_000_000);
  });

  it('hangs up on who says nothing for ten seconds, or then for as long as the server lets anybody', async () => {
    await laneOf(() => 'HTTP/1.1 204 No Content\r\n\r\n');
    server.timeout = 60_000;
    const [[served], { socket, got }] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, open()]);
    assert.equal(served.timeout, 10_000);
    socket.write(get('/ocsp/MAA='));
    await until(() => got() !== '');
    assert.equal(served.timeout, 60_000);
    served.emit('timeout');
    await once(socket, 'end');
  });

  it('ends at once with the server where that does not wait', async () => {
    const { socket, got } = await open();
    socket.write(post('0'));
    await until(() => bodies(got()).length === 1);
    server.closeAllConnections();
    await once(socket, 'end');
  });

  it('lets who is in the middle of a list read to its end when the server ends', async () => {
    server.close();
    const bytes = Buffer.alloc(20_000_000, 7);
    server = createServer();
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    installFastLane(server, { serve: () => ({ head, bytes }), held: createSlowReaders() });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { socket, got } = await open();
    socket.pause();
    socket.write(get('/CRL/LONG.crl'));
    await sleep(100);
    const drained = drain(server);
    await sleep(200);
    socket.resume();
    await Promise.all([once(socket, 'end'), drained]);
    assert.equal(got().length, head.length + bytes.length);
  });

  it('forgets a connection that is broken off before its answer', async () => {
    const { socket } = await open();
    socket.write(post('3'));
    await sleep(20);
    socket.resetAndDestroy();
    await sleep(20);
    responder.free();
    await sleep(20);
    assert.deepEqual(bodies(await exchange(post('0'))), ['answer to 1']);
  });
});
