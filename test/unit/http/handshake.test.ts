import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createConnectionLimiter } from '../../../src/http/server/connections.js';
import { beginHandshakesInTurn } from '../../../src/http/server/handshakes.js';
import { listen } from '../../../src/http/server/listening.js';
import { createApiServer } from '../../../src/http/server/tls.js';
import { NO_TRAIL } from '../../support/service/no-trail.js';

describe('a connection to the API without a handshake', () => {
  const deadlines = { handshakeMs: 50, headersMs: 50, checkMs: 50 };
  const connections = createConnectionLimiter(100, { onCountChanged: () => undefined, onClosed: () => undefined });
  const server = createApiServer(
    () => undefined,
    { key: '', certificate: '', authorities: [], deadlines },
    { connections, trail: NO_TRAIL },
  );

  before(async () => assert.ok((await listen(server, { host: '127.0.0.1', port: 0 })).ok));
  after(() => server.close());

  /** Resolves when the server has closed the connection. */
  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => socket.on('error', () => undefined).on('close', () => resolve()));
  const open = (to: Server = server): Socket =>
    connect({ port: (to.address() as AddressInfo).port, host: '127.0.0.1' }).resume();

  // Otherwise a few idle connections could take all connections of the server.
  it('that sends nothing is closed after the handshake timeout', async () => {
    await closed(open());
  });

  it('that sends half of a ClientHello is closed too, and one that sends anything else at once', async () => {
    for (const greeting of [Buffer.from('160301', 'hex'), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = open();
      socket.write(greeting);
      await closed(socket);
    }
  });

  it('that was reset before its turn takes no turn of others', async () => {
    const turned = createServer();
    const hadLeft: boolean[] = [];
    turned.on('connection', (socket) => hadLeft.push(socket.destroyed));
    beginHandshakesInTurn(turned, 60_000, () => undefined);
    const arrived: Socket[] = [];
    const ended: Socket[] = [];
    turned.on('connection', (socket) => {
      socket.once('readable', () => arrived.push(socket));
      socket.once('close', () => ended.push(socket));
    });
    await once(turned.listen(0, '127.0.0.1'), 'listening');
    const flood = Array.from({ length: 20 }, () => open(turned));
    for (const socket of flood) socket.write('1');
    while (arrived.length < flood.length) await setImmediate();
    for (const socket of flood) socket.resetAndDestroy();
    while (ended.length < flood.length) await setImmediate();
    const before = hadLeft.length;
    const last = open(turned);
    last.write('1');
    while (hadLeft.length === before) await setImmediate();
    assert.ok(!hadLeft.includes(true), 'a closed connection had a turn');
    last.destroy();
    turned.close();
  });
});
