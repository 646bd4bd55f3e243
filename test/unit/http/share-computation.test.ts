/**
 * Without this module, whoever can reach the address for operators could make the service ask its
 * database and its signers as often as it likes.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOperatorsServer, sharedReadiness } from '../../../src/http/operators/server.js';
import { shareComputation } from '../../../src/http/operators/share-computation.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { Readiness } from '../../../src/ports/readiness.js';

describe('a value that is recomputed', () => {
  it('is computed once for all who ask while it is in progress and until its time is over', async () => {
    let computed = 0;
    const value = shareComputation(
      async () => {
        await sleep(5);
        computed += 1;
        return computed;
      },
      () => 20,
    );
    assert.deepEqual(await Promise.all([value(), value(), value()]), [1, 1, 1]);
    assert.equal(await value(), 1);
    while ((await value()) === 1) await sleep(5);
    assert.equal(computed, 2);
  });

  it('is computed again after a failure', async () => {
    let computed = 0;
    const value = shareComputation(
      async () => {
        computed += 1;
        if (computed === 1) throw new Error('cannot be computed');
        return computed;
      },
      (result) => (result === null ? 1 : 1_000),
    );
    await assert.rejects(value());
    for (;;) {
      const result = await value().catch(() => null);
      if (result !== null) break;
      await sleep(1);
    }
    assert.equal(computed, 2);
  });

  it('is the readiness, at most once a second for /readyz and /metrics together', async () => {
    let computed = 0;
    const began = performance.now();
    const readiness = async (): Promise<Readiness> => {
      computed += 1;
      return { ready: true, state: 'ready', parts: {} };
    };
    const server = createOperatorsServer(createMetrics(), sharedReadiness(readiness));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let count = 0; count < 50; count += 1)
      for (const path of ['/readyz', '/metrics']) assert.equal((await fetch(`${base}${path}`)).status, 200);
    server.closeAllConnections();
    server.close();
    assert.ok(computed <= (performance.now() - began) / 1_000 + 1, `${computed} computations`);
  });
});
