import assert from 'node:assert/strict';
import { type AddressInfo, connect, type Socket } from 'node:net';
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
  const open = (): Socket => connect((server.address() as AddressInfo).port, '127.0.0.1').resume();

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
});
