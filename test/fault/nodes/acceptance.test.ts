/**
 * Three nodes, a primary and its synchronous standby, each on a host of its own, under a mixed load
 * while one of them fails. Without this test a fault of one machine could lose a certificate or a
 * revocation, or stop the others. `npm test` has some of the faults for a short time;
 * PFCNG_NODES_SECONDS is the time of each, and from a minute on all of them happen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { networkObstacle } from '../../support/machine/network.js';
import { createLedger } from '../ledger.js';
import { FAULTS } from './faults.js';
import { createInstallation, type Installation } from './installation.js';
import { startLoad } from './load.js';
import { PROMISES } from './promises.js';

const SECONDS = Number(process.env.PFCNG_NODES_SECONDS ?? 8);
const ALL_FROM_SECONDS = 60;
/** The requests of a client can wait for a promotion, and for a restart of a node. */
const SETTLE_MS_MAX = 120_000;

const obstacle = networkObstacle();
const describeHere = obstacle === null ? describe : describe.skip;

describeHere(`three nodes and two database servers${obstacle === null ? '' : ` (${obstacle})`}`, function () {
  this.timeout(2 * SECONDS * SECOND_MS + 4 * SETTLE_MS_MAX);
  const ledger = createLedger();
  let installation: Installation;
  before(async () => {
    installation = await createInstallation();
  });
  after(() => installation?.remove());

  for (const fault of FAULTS.filter(({ isUsual }) => isUsual || SECONDS >= ALL_FROM_SECONDS))
    it(`keep their promises while ${fault.title}`, async () => {
      const load = startLoad(installation.nodes.map(({ service }) => service));
      await sleep((SECONDS * SECOND_MS) / 4);
      await fault.strike(installation);
      await sleep((SECONDS * SECOND_MS) / 2);
      await fault.repair(installation);
      await sleep((SECONDS * SECOND_MS) / 4);
      const result = await load.stop(SETTLE_MS_MAX);
      ledger.add(result.orders.flatMap(({ outcomes }) => outcomes));
      for (const keep of Object.values(PROMISES)) await keep({ installation, fault, load: result, ledger });
    });
});
