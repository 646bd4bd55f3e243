import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnections } from '../../../src/http/server/connections.js';
import { listen } from '../../../src/http/server/listening.js';
import { createApiServer } from '../../../src/http/server/tls.js';
import { NO_TRAIL } from '../../support/service/no-trail.js';

describe('a connection to the API without a handshake', () => {
  const deadlines = { handshakeMs: 50, headersMs: 50, checkMs: 50 };
  const connections = createConnections(100, { counted: () => undefined, closed: () => undefined });
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
  const open = (localAddress = '127.0.0.1'): Socket =>
    connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress }).resume();

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
    const flood = Array.from({ length: 20 }, () => open());
    for (const socket of flood) socket.write(Buffer.from('16', 'hex'));
    await Promise.all(flood.map((socket) => once(socket, 'connect')));
    await sleep(20);
    for (const socket of flood) socket.resetAndDestroy();
    await sleep(20);
    const answered: string[] = [];
    const ask = (name: string, localAddress: string): Promise<void> => {
      const socket = open(localAddress).once('data', () => void answered.push(name));
      socket.write('GET / HTTP/1.1\r\n\r\n');
      return closed(socket);
    };
    // The addresses take turns, so that the first of each address is answered before the others.
    const others = ['other 1', 'other 2', 'other 3', 'other 4'].map((name) => ask(name, '127.0.0.2'));
    await Promise.all([ask('honest', '127.0.0.1'), ...others]);
    assert.ok(answered.indexOf('honest') < 3, answered.join());
  });
});
