/**
 * Limits of the server of CMP. Without them one client could take all connections or all places,
 * and others could neither enrol nor revoke.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createCmpConnections } from '../../../../src/http/cmp/connections.js';
import { CMP_ADMISSION, type CmpServing } from '../../../../src/http/cmp/routes.js';
import { createCmpServer } from '../../../../src/http/cmp/server.js';
import { createAdmission } from '../../../../src/http/server/admission.js';
import { err, ok } from '../../../../src/kernel/result.js';
import { createMetrics } from '../../../../src/observe/metrics.js';
import type { World } from '../../../../src/operations/world.js';
import { NO_TRAIL } from '../../../support/service/no-trail.js';
import { NOW, testPolicy } from '../../policy/fixtures.js';

const PACE = { turn: async () => ok(undefined), failed: () => undefined };
const WORLD = { policy: testPolicy(), clock: () => NOW, store: {}, cmpParts: { pace: PACE } } as unknown as World;

async function listening(more: Partial<CmpServing>, connectionsMax: number): Promise<{ server: Server; port: number }> {
  const admission = createAdmission(CMP_ADMISSION);
  const serving = { world: WORLD, trail: NO_TRAIL, metrics: createMetrics(), admission, ...more };
  const server = createCmpServer({ ...serving, connections: createCmpConnections(connectionsMax) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('the server of CMP', () => {
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('answers 503 with Retry-After when too many messages are worked on', async () => {
    const admission = createAdmission({ placesMax: 1, reserved: 0, perAccountMax: 1 });
    const { server, port } = await listening({ admission }, 10);
    open.push(server);
    const leave = admission.enter({ account: 'another', isUrgent: false });
    assert.ok(typeof leave === 'function');
    const headers = { 'content-type': 'application/pkixcmp' };
    const answer = await fetch(`http://127.0.0.1:${port}/.well-known/cmp`, { method: 'POST', headers, body: 'x' });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
    assert.match(String(answer.headers.get('content-type')), /^text\/plain/);
    assert.match(await answer.text(), /Too many requests/);
  });

  it('lets each message wait for the turn of its network, and one to an unknown path delay the next ones', async () => {
    const calls: string[] = [];
    const counted = {
      turn: async (network: string) => {
        calls.push(`turn ${network}`);
        return calls.length < 3 ? ok(undefined) : err(320);
      },
      failed: (network: string) => void calls.push(`failed ${network}`),
    };
    const issuers = { current: () => null };
    const world = { ...WORLD, issuers, cmpParts: { pace: counted } } as unknown as World;
    const { server, port } = await listening({ world }, 10);
    open.push(server);
    const headers = { 'content-type': 'application/pkixcmp' };
    const url = `http://127.0.0.1:${port}/.well-known/cmp/p/nothing`;
    const post = () => fetch(url, { method: 'POST', headers, body: 'x' });
    assert.equal((await post()).status, 404);
    assert.deepEqual(calls, ['turn 127.0.0.1', 'failed 127.0.0.1']);
    const refused = await post();
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
  });

  it('closes the oldest connection of an address that opens more than its share', async () => {
    const { server, port } = await listening({}, 12);
    open.push(server);
    const sockets: Socket[] = [];
    for (let count = 0; count < 3; count += 1) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      sockets.push(socket);
    }
    const [first, second, third] = sockets;
    assert.ok(first && second && third);
    const closed = once(first, 'close');
    const another = connect(port, '127.0.0.1');
    await closed;
    assert.deepEqual([second.destroyed, third.destroyed], [false, false]);
    another.destroy();
  });
});
