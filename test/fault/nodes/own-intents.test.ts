/**
 * A request that is under way on one node, while the clock of another one is ahead. If recovery
 * compared clocks, the other node would give the request up while it is signed.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { cleanUp, temporaryFolder } from '../../support/db/fixture.js';
import { createShim, type Shim } from '../../support/hsm/shim.js';
import { SOFTHSM_MODULE } from '../../support/hsm/signers.js';
import { type Client, clientOf } from '../../support/service/client.js';
import { configure, PACKAGE_ROOT } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { startTwoNodes, type TwoNodes } from './two-nodes.js';

/**
 * Recovery runs every three seconds, so it runs while the signature is made. The service waits
 * eight seconds for a signature, of which a busy machine may need some.
 */
const SIGNING_MS = 4 * SECOND_MS;

describe('a request under way on one of two nodes', () => {
  let nodes: TwoNodes;
  let shim: Shim;
  let client: Client;

  before(async () => {
    const clockFile = join(temporaryFolder(), 'clock-ms');
    writeFileSync(clockFile, String(11 * SECOND_MS));
    const preload = pathToFileURL(join(PACKAGE_ROOT, 'dist/test/support/machine/clock-preload.js'));
    preload.search = encodeURIComponent(clockFile);
    nodes = await startTwoNodes([[], ['--import', preload.href]], (first) => {
      shim = createShim(join(first.folder, 'shim'), SOFTHSM_MODULE);
      configure(first, { pkcs11: { module: shim.modulePath, requestDeadlineMs: 30_000 } });
    });
    client = clientOf(nodes.services[0], 'card-management');
  });
  after(async () => {
    await client.close();
    await nodes.stop();
    await cleanUp();
  });

  it('is answered, although the other node would take it for an old one', async () => {
    const issue = () => client.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
    shim.inject([{ act: 'latency', in: 'C_Sign', ms: SIGNING_MS, times: 0 }]);
    try {
      const answer = await issue();
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
    } finally {
      shim.clear();
    }
    for (const service of nodes.services) assert.doesNotMatch(service.said(), /"event":"intents\.recovered"/);
  });
});
