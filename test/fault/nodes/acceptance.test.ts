/**
 * Three nodes, a primary and its synchronous standby, each on a host of its own, under a mixed load
 * while one of them fails. Without this test a fault of one machine could lose a certificate or a
 * revocation, or stop the others. `npm test` has one of the faults for a short time;
 * PFCNG_NODES_SECONDS is the time of each, and from a minute on all of them happen.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { ROOT_LIST } from '../../integration/service/accounts/revoke-ca-plan.js';
import { networkObstacle } from '../../support/machine/network.js';
import { type Client, clientOf } from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import { createLedger } from '../ledger.js';
import type { Attempt } from '../storm.js';
import { FAULTS, type Fault } from './faults.js';
import { createInstallation, type Installation } from './installation.js';
import { startLoad } from './load.js';
import { PROMISES, query, until } from './promises.js';
import { revokingList } from './revoking-list.js';
import { upgradeAndGoBack } from './upgrade.js';

const SECONDS = Number(process.env.PFCNG_NODES_SECONDS ?? 4);
const ALL_FROM_SECONDS = 60;
const IDLE_SECONDS = 10;
const WRITES_A_SECOND_MAX = 3;
/** The requests of a client can wait for a promotion, and for a restart of a node. */
const SETTLE_MS_MAX = 120_000;

const obstacle = networkObstacle();

describe('three nodes and two database servers', function () {
  // A test without a body is shown as pending, with its title.
  if (obstacle !== null) return void it(`cannot be tried: ${obstacle}`);
  this.timeout(2 * SECONDS * SECOND_MS + 4 * SETTLE_MS_MAX);
  const ledger = createLedger();
  let installation: Installation;
  before(async () => {
    installation = await createInstallation();
  });
  after(() => installation?.remove());

  /** Runs the load, does something meanwhile, and checks all promises. */
  async function underLoad(
    { wrongClock, isWanted }: Pick<Fault, 'wrongClock'> & { readonly isWanted?: (attempt: Attempt) => boolean },
    work: () => Promise<void>,
  ): Promise<void> {
    const services = installation.nodes.map(({ service }) => service);
    const running = startLoad(services, isWanted);
    try {
      await sleep((SECONDS * SECOND_MS) / 4);
      await work();
      await sleep((SECONDS * SECOND_MS) / 4);
    } catch (error) {
      await running.stop(0);
      throw error;
    }
    const load = await running.stop(SETTLE_MS_MAX);
    ledger.add(load.orders.flatMap(({ outcomes }) => outcomes));
    for (const keep of Object.values(PROMISES)) await keep({ installation, fault: { wrongClock }, load, ledger });
  }

  // A transaction that writes gets a number of its own. The work of a start ends some time later.
  it('write at most three transactions a second while they have nothing to do', async () => {
    const newest = async () => {
      const [row] = await query(installation, 'select pg_snapshot_xmax(pg_current_snapshot())::text as number');
      return Number(row?.number);
    };
    await until('few transactions', async () => {
      const before = await newest();
      await sleep(IDLE_SECONDS * SECOND_MS);
      return (await newest()) - before <= IDLE_SECONDS * WRITES_A_SECOND_MAX;
    });
  });

  for (const fault of FAULTS.filter(({ isUsual }) => isUsual || SECONDS >= ALL_FROM_SECONDS))
    it(`keep their promises while ${fault.title}`, () =>
      underLoad(fault, async () => {
        try {
          await fault.strike(installation);
          await sleep((SECONDS * SECOND_MS) / 2);
        } finally {
          await fault.repair(installation);
        }
      }));

  if (SECONDS >= ALL_FROM_SECONDS)
    it('keep their promises during a rolling upgrade of the schema, and back', () =>
      underLoad({ wrongClock: null }, () => upgradeAndGoBack(installation)));

  // The last one, because a CA stays revoked.
  if (SECONDS >= ALL_FROM_SECONDS)
    it('issue nothing more from a CA that its root has revoked in the folder of one node', async () => {
      const { nodes } = installation;
      const list = await revokingList(nodes[0].at);
      const isWanted = ({ path }: Attempt): boolean => !path.startsWith('/v1/cards/');
      const clients = nodes.map(({ service }) => clientOf(service, 'card-management'));
      const issue = async (client: Client): Promise<number> =>
        (await client.call('POST', '/v1/certificates', { body: bodyOf('fort/cps-authentication') })).status;
      await underLoad({ wrongClock: null, isWanted }, async () => {
        for (const client of clients) assert.equal(await issue(client), 201);
        writeFileSync(join(nodes[2].at.home, ROOT_LIST), list);
        for (const client of clients) await until('refused', async () => (await issue(client)) === 409);
        for (const client of clients) assert.equal(await issue(client), 409);
      });
      for (const client of clients) await client.close();
    });
});
