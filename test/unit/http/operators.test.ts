import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOperatorsServer, sharedReadiness } from '../../../src/http/operators/server.js';
import { createMetrics } from '../../../src/observe/metrics.js';

describe('the server for operators', () => {
  it('answers the first hundred requests of a connection, and computes the readiness once at a time', async () => {
    let underWayMax = 0;
    let underWay = 0;
    const readiness = sharedReadiness(async () => {
      underWay += 1;
      underWayMax = Math.max(underWayMax, underWay);
      await sleep(1);
      underWay -= 1;
      return { ready: true, state: 'ready', parts: {} };
    });
    const server = createOperatorsServer(createMetrics(), readiness);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const posted = await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    let received = '';
    socket.on('data', (text: string) => {
      received += text;
    });
    socket.write('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_000));
    await once(socket, 'close');
    server.close();
    assert.deepEqual([received.match(/HTTP\/1\.1 200 /g)?.length, underWayMax], [101, 1]);
  });
});
