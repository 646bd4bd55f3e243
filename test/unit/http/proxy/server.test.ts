/**
 * The server on the Unix socket of a proxy. Without these tests a client could write a second
 * request into its first one, with header fields of its own, or take the connections of others.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCmpConnections } from '../../../../src/http/cmp/connections.js';
import { createProxyServer } from '../../../../src/http/proxy/server.js';
import {
  addressOf,
  certificateOf,
  proxyFault,
  sessionOf,
  usedPlainHttp,
} from '../../../../src/http/server/client-of.js';
import { createConnectionLimiter } from '../../../../src/http/server/connections.js';
import { listenOnSocket } from '../../../../src/http/server/listening.js';
import { NO_TRAIL } from '../../../support/service/no-trail.js';
import { until } from '../../../support/until.js';

const CERT = 'Client-Cert: :MAMCAQE=:\r\n';
const headFor = (address: string, more = ''): string =>
  `GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=${address};proto=https\r\n${more}\r\n`;

describe('the server for a proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-proxy-server-'));
  const path = join(folder, 'socket');
  const connections = createConnectionLimiter(64, { onCountChanged: () => undefined, onClosed: () => undefined });
  const handled: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
  const server = createProxyServer((request, response) => handled.push({ request, response }), {
    connections,
    cmpConnections: createCmpConnections(64),
    trail: NO_TRAIL,
  });
  const sockets: Socket[] = [];

  before(async () => assert.ok((await listenOnSocket(server, { path, mode: 0o600 })).ok));
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    handled.length = 0;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function send(octets: string): Promise<Socket> {
    const socket = connect(path);
    sockets.push(socket.on('error', () => undefined));
    await once(socket, 'connect');
    socket.write(octets);
    return socket;
  }
  const closed = (socket: Socket): Promise<unknown> =>
    socket.closed ? Promise.resolve() : new Promise((resolve) => socket.resume().once('close', resolve));
  async function handledOne(octets: string): Promise<(typeof handled)[number]> {
    const before = handled.length;
    await send(octets);
    await until('the request', async () => handled.length > before);
    return handled[before] ?? assert.fail('no request');
  }

  it('knows of each request what the proxy says, and no TLS session', async () => {
    const { request } = await handledOne(headFor('192.0.2.43', CERT));
    assert.equal(addressOf(request), '192.0.2.43');
    assert.deepEqual(certificateOf(request), Uint8Array.of(0x30, 3, 2, 1, 1));
    assert.deepEqual([sessionOf(request), proxyFault(request), usedPlainHttp(request)], [null, null, false]);
    const plain = await handledOne(headFor('192.0.2.44').replace('https', 'http'));
    assert.deepEqual([certificateOf(plain.request), usedPlainHttp(plain.request)], [null, true]);
  });

  it('knows nobody where the proxy does not say it', async () => {
    const { request } = await handledOne(`GET / HTTP/1.1\r\nHost: a\r\n${CERT}\r\n`);
    assert.equal(proxyFault(request)?.rule, 'proxy-headers');
    assert.deepEqual([addressOf(request), certificateOf(request)], [null, null]);
  });

  for (const version of ['1.0', '1.1'])
    it(`handles one request of a connection, also if a second one of HTTP/${version} is behind it`, async () => {
      const second = headFor('192.0.2.2', `${CERT}Connection: keep-alive\r\n`).replace('HTTP/1.1', `HTTP/${version}`);
      const first = headFor('192.0.2.1', 'Connection: keep-alive\r\n');
      // In one packet, and after the first answer.
      const both = (await send(first + second)).resume();
      await until('the end of the connection', async () => both.closed || handled.length > 1);
      assert.equal(handled.length, 1);
      const { response } = await handledOne(first);
      response.end('answer');
      const [answered] = sockets.slice(-1);
      assert.ok(answered);
      let answer = '';
      answered.on('data', (octets: Buffer) => {
        answer += octets.toString('latin1');
      });
      answered.write(second);
      await closed(answered);
      assert.match(answer, /connection: close[\s\S]*answer$/i);
      assert.equal(handled.length, 2);
    });

  it('gives each address of a client its share of the connections, and not the proxy one for all', async () => {
    const honest = await send(headFor('192.0.2.1', CERT));
    await until('the honest request', async () => handled.length === 1);
    const others: Socket[] = [];
    for (let count = 0; count < 40; count += 1) others.push(await send(headFor('192.0.2.2', CERT)));
    for (const other of others) other.resume();
    await until('the oldest others are closed', async () => others.filter(({ closed }) => !closed).length === 16);
    assert.equal(handled.length, 41);
    assert.equal(honest.closed, false);
  });

  it('gives clients of CMP their share of the connections of CMP, with or without TLS and a certificate', async () => {
    const one = (scheme: string) =>
      headFor('192.0.2.3').replace('GET /', 'POST /.well-known/cmp/p/a').replace('https', scheme);
    const clients: Socket[] = [];
    // Anonymous clients of the API have four connections.
    for (let count = 0; count < 16; count += 1) clients.push(await send(one(count % 2 === 0 ? 'https' : 'http')));
    await until('all requests', async () => handled.length === 16);
    assert.deepEqual(clients.filter(({ closed }) => closed).length, 0);
    await send(one('http'));
    clients[0]?.resume();
    await until('the oldest is replaced', async () => clients[0]?.closed === true);
    assert.deepEqual(clients.filter(({ closed }) => closed).length, 1);
  });
});
