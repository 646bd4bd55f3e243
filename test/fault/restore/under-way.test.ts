/**
 * What was under way when the backup was made. Without this test, a restored service would at once
 * issue again what an order has issued since the backup, and a campaign would revoke on a date that
 * two officers have moved since.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreReport } from '../../../src/compose/restore/report.js';
import type { RunId } from '../../../src/ports/node.js';
import { campaignRecord } from '../../support/campaigns/stage.js';
import { unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { NOW } from '../../support/db/records.js';
import { acceptedOrder } from '../../support/orders/records.js';
import { backUp, type TestBackup } from '../../support/restore/backup-file.js';
import { emptied, keepWhatIsLeft } from '../../support/restore/disaster.js';
import { openServiceStore } from '../../support/service/database.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { createService, runPfcng } from '../../support/service/service.js';

const DATE = { at: NOW, armedAt: NOW - 1, outcome: null };

describe('what was under way when a backup was made', () => {
  let first: ServiceHome;
  let left: string;
  let at: ServiceHome;
  let backup: TestBackup;
  const order = acceptedOrder(1, 2, { accountId: 'card-management' });
  const armed = campaignRecord({ state: 'open', dates: { suspension: null, revocation: DATE } });
  const unarmed = campaignRecord({ id: armed.id.replace(/.$/, 'f'), state: 'open' });

  before(async function makeBackup() {
    first = await makeServiceHome('p-256');
    const service = createService(first);
    await service.start();
    await service.stop();
    const raw = await rawDatabase(first.database);
    const [run] = await raw.all('select run from runs');
    await raw.close();
    const store = await openServiceStore(first);
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertOrder({ ...order, receivingRun: String(run?.run) as RunId });
        for (const campaign of [armed, unarmed]) await tx.insertCampaign(campaign);
      }),
    );
    await store.close();
    backup = await backUp(first, join(first.folder, 'backup.tar'));
    left = keepWhatIsLeft(first);
  });
  beforeEach(async () => {
    at = await emptied(first, left);
  });
  after(() => {
    if (left !== undefined) rmSync(left, { recursive: true, force: true });
    removeServiceHome(first);
  });

  /** Restores, and returns the ids of what is paused then. */
  async function pausedAfter(): Promise<readonly unknown[]> {
    const done = await runPfcng(at, 'restore', backup.file);
    assert.equal(done.status, 0, done.stderr);
    const raw = await rawDatabase(at.database);
    const paused = await raw.all(
      `select id from orders where state = 'paused' union all select id from campaigns where state = 'paused'`,
    );
    await raw.close();
    return paused.map(({ id }) => id);
  }

  it('is paused and reported if decisions since the backup may be lost, so that nothing is done twice', async () => {
    assert.deepEqual(await pausedAfter(), [order.id, armed.id]);
    const report = JSON.parse(readFileSync(join(at.home, 'restore-report.json'), 'utf8')) as RestoreReport;
    assert.deepEqual(report.paused, { orders: [order.id], campaigns: [armed.id] });
    for (const id of [order.id, armed.id]) assert.match(JSON.stringify(report.toDo), new RegExp(`${id} is paused`));
  });

  it('goes on if the backup was the newest', async () => {
    const { installation, audit } = backup.facts;
    const mark = JSON.stringify({ id: installation, ...audit }).padEnd(255);
    writeFileSync(join(at.home, 'database.json'), `${mark}\n`);
    assert.deepEqual(await pausedAfter(), []);
  });
});
