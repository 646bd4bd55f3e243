/**
 * A second service on the same home folder exits with an error and does not affect the first one.
 */
import assert from 'node:assert/strict';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';
import { runPfcng } from '../../support/service/service.js';

describeService('a second start on the home of a running service', { on: 'sqlite' }, (running) => {
  it('exits with 1 and names the other process, and does not abandon the intents of the first one', async () => {
    let ended = false;
    const statuses: number[] = [];
    const ask = async (): Promise<void> => {
      while (!ended) {
        const body = bodyOf('elementaire/org-auth-cli', makeCsr(makeKey()));
        statuses.push((await running.cards.call('POST', '/v1/certificates', { body })).status);
      }
    };
    const asking = Array.from({ length: 8 }, ask);
    const second = await runPfcng(running.shared.service.at, 'start', '--no-play');
    ended = true;
    await Promise.all(asking);
    assert.equal(second.status, 1, second.stdout);
    assert.match(
      second.stderr + second.stdout,
      new RegExp(`served already, by process ${running.shared.service.pid()}`),
    );
    assert.deepEqual([...new Set(statuses)], [201]);
  });
});
