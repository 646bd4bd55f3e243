/**
 * A policy that wants each commit on another server too. Without these checks, a service would
 * acknowledge certificates that the loss of one server takes away, or not go on with the other one.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMovingAddress, type MovingAddress } from '../../support/db/moving-address.js';
import { type Cluster, createCluster, type PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import { createStandby, type Standby } from '../../support/db/postgresql-standby.js';
import { clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createPreparedService, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';

const DEADLINE_MS = 60_000;
const EMPTY = /durability is "quorum", but synchronous_standby_names is empty: name a synchronous standby/;

type Report = { readonly state: string; readonly parts: { readonly durability?: string } };

describe('a service whose policy wants a quorum', function () {
  this.timeout(5 * DEADLINE_MS);
  let cluster: Cluster;
  let standby: Standby;
  let database: PostgresqlDatabase;
  let address: MovingAddress;
  let at: ServiceHome;
  let service: Service;

  before(async () => {
    cluster = await createCluster({ fsync: 'off' });
    standby = await createStandby(cluster);
    database = await cluster.create();
    address = await createMovingAddress(database);
    at = await makeServiceHome('p-256', { database: address.of(database) });
    service = await createPreparedService(at);
    const file = join(at.folder, 'policies/environments/development.json');
    const policy = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...policy, durability: 'quorum' }));
  });
  after(async () => {
    await setStandbys('');
    await service.stop();
    removeServiceHome(at);
    await address.remove();
    await standby.remove();
    await cluster.remove();
  });

  async function setStandbys(names: '*' | ''): Promise<void> {
    await cluster.ask(`alter system set synchronous_standby_names = '${names}'`);
    await cluster.ask('select pg_reload_conf()');
    const isSet = async () =>
      (await cluster.ask(`select current_setting('synchronous_standby_names') as names`))[0]?.names === names;
    while (!(await isSet())) await sleep(20);
  }
  async function report(): Promise<{ readonly status: number } & Report> {
    const answer = await fetch(`${service.urls.operators}/readyz`);
    return { status: answer.status, ...((await answer.json()) as Report) };
  }

  it('does not start while no synchronous standby is named', async () => {
    await assert.rejects(service.start(), EMPTY);
  });

  it('serves with a synchronous standby, and is down when the server loses it', async () => {
    await setStandbys('*');
    await service.start();
    const client = clientOf(service, 'card-management');
    await client.expect('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
    await client.close();
    const { status, parts } = await report();
    assert.deepEqual([status, parts.durability], [200, 'ready']);
    await setStandbys('');
    for (const end = performance.now() + DEADLINE_MS; ; await sleep(100)) {
      const now = await report();
      if (EMPTY.test(now.parts.durability ?? '')) {
        assert.deepEqual([now.status, now.state], [503, 'down']);
        break;
      }
      assert.ok(performance.now() < end, JSON.stringify(now));
    }
  });

  it('issues without a restart when the standby of a silent primary was promoted, and has all that was acknowledged', async () => {
    await setStandbys('*');
    const client = clientOf(service, 'card-management');
    const order = () => ({ body: bodyOf('elementaire/org-auth-cli') });
    const issued = await client.expect<IssuedCertificate>('POST', '/v1/certificates', order());
    address.silence();
    await standby.promote();
    address.moveTo(standby.of(database));
    const movedAt = performance.now();
    await until('it issues again', async () => (await client.call('POST', '/v1/certificates', order())).status === 201);
    console.log(`      ${Math.round(performance.now() - movedAt)} ms after the address moved`);
    assert.deepEqual(await client.expect('GET', `/v1/certificates/${issued.id}`), issued);
    await client.close();
  });
});
