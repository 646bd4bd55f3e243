/**
 * Without this order of steps, one account could keep all others out with requests of which it
 * sends half: each of them had a place among those that are processed.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { ok } from '../../../src/kernel/result.js';
import { CARDS, createBareApi } from '../../support/servers/bare-api.js';

const PLACES = 2;

describe('a request of which half was sent', () => {
  const authenticated: string[] = [];
  const server = createBareApi({
    authenticate: async () => {
      authenticated.push(CARDS.id);
      return ok({ kind: 'account', account: CARDS });
    },
    admission: { placesMax: PLACES, reserved: 0, perAccountMax: PLACES },
  });
  const sockets: Socket[] = [];

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('takes no place among those that are processed', async () => {
    const { port } = server.address() as AddressInfo;
    for (let count = 0; count < 3 * PLACES; count += 1) {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      socket.write('POST /v1/certificates HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{');
    }
    while (authenticated.length < 3 * PLACES) await new Promise((resolve) => setTimeout(resolve, 5));
    const answer = await fetch(`http://127.0.0.1:${port}/v1/profiles`);
    assert.equal(answer.status, 200, await answer.text());
  });

  it('ends its connection where nobody reads its body', async () => {
    const { port } = server.address() as AddressInfo;
    for (const line of ['GET /openapi.json', 'GET /nowhere', 'PUT /v1/profiles']) {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      socket.write(`${line} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab`);
      socket.resume();
      await once(socket, 'close');
    }
  });
});
