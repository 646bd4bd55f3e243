/**
 * Without this order of steps, one account could keep all others out with requests of which it
 * sends half: each of them had a place among those that are processed.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createApi } from '../../../src/http/api/api.js';
import type { ApiContext } from '../../../src/http/api/handler.js';
import { ok } from '../../../src/kernel/result.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { NO_TRAIL } from '../../support/service/no-trail.js';
import { NOW, testPolicy } from '../policy/fixtures.js';

const SCOPE = { profiles: [], structures: ['*'], domains: ['*'], holders: ['*'] };
const CARDS: Account = {
  id: 'cards',
  name: 'cards',
  roles: ['card-management'],
  scope: SCOPE,
  credentials: [],
  disabled: false,
  createdAt: 0,
};
const PLACES = 2;

describe('a request of which half was sent', () => {
  const authenticated: string[] = [];
  const api = createApi({
    context: { world: { policy: testPolicy(), clock: () => NOW } } as unknown as ApiContext,
    authenticate: async () => {
      authenticated.push(CARDS.id);
      return ok(CARDS);
    },
    trail: NO_TRAIL,
    metrics: createMetrics(),
    version: '0.0.0',
    url: 'https://localhost',
    connections: {
      connectionsMax: 100,
      arrived: () => undefined,
      markAnonymous: () => undefined,
      admit: () => true,
      isAdmitted: () => true,
    },
    admission: { placesMax: PLACES, reserved: 0, perAccountMax: PLACES },
  });
  const server = createServer(api.callback());
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
});
