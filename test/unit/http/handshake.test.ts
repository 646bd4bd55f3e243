import assert from 'node:assert/strict';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { listen } from '../../../src/http/server/listening.js';
import { createApiServer } from '../../../src/http/server/tls.js';

describe('a connection to the API without a handshake', () => {
  const server = createApiServer(() => undefined, { key: '', certificate: '', authorities: [], handshakeMsMax: 50 });

  before(async () => assert.ok((await listen(server, { host: '127.0.0.1', port: 0 })).ok));
  after(() => server.close());

  /** Resolves when the server has let go. */
  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => socket.on('error', () => undefined).on('close', () => resolve()));
  const open = (): Socket => connect((server.address() as AddressInfo).port, '127.0.0.1').resume();

  // Else few of them, which cost nothing to keep, take all the places there are.
  it('that says nothing is let go when the time for it is over', async () => {
    await closed(open());
  });

  it('that says half of a greeting is let go too, and one that says what is none at once', async () => {
    for (const greeting of [Buffer.from('160301', 'hex'), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = open();
      socket.write(greeting);
      await closed(socket);
    }
  });
});
