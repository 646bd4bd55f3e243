import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOperatorsServer } from '../../../src/http/operators/server.js';
import { createMetrics } from '../../../src/observe/metrics.js';

describe('the server for operators', () => {
  it('checks the readiness once at a time for each connection, however many requests are pipelined', async () => {
    let asked = 0;
    let underWayMax = 0;
    let underWay = 0;
    const server = createOperatorsServer(createMetrics(), async () => {
      asked += 1;
      underWay += 1;
      underWayMax = Math.max(underWayMax, underWay);
      await sleep(1);
      underWay -= 1;
      return { ready: true, state: 'ready', parts: {} };
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
    socket.write('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_000));
    await once(socket, 'close');
    server.close();
    assert.deepEqual([asked, underWayMax], [101, 1]);
  });
});
