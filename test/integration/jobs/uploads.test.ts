/**
 * What is left of uploads when their process has died, and of orders when they have ended. Without
 * these jobs, a key would stay taken for ever, and names of people would be kept for ever.
 */
import assert from 'node:assert/strict';
import { removeUploadPartsJob } from '../../../src/jobs/orders/old-parts.js';
import { discardUploadsJob } from '../../../src/jobs/orders/uploads.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Order } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW, RUN } from '../../support/db/records.js';
import { runOf as runId, withRun } from '../../support/db/runs.js';
import { runOf, sharedWorldOf, workDue } from '../../support/job-run.js';
import { acceptedOrder, orderRecord } from '../../support/orders/records.js';
import { SILENT_LOG } from '../../support/status/authority.js';

describeOnEach('the jobs of uploads', ({ opened }) => {
  let store: Store;
  beforeEach(async () => {
    store = await withRun(await opened());
  });

  async function insert(order: Order, parts = 0): Promise<void> {
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertOrder(order);
        for (let part = 1; part <= parts; part += 1) {
          const lines = { firstLine: part, lastLine: part };
          await tx.insertPart({ orderId: order.id, part, ...lines, records: Uint8Array.of(part) });
        }
      }),
    );
  }
  const states = async () => {
    const page = { accountId: null, limit: 100, before: null };
    return unwrap(await store.read((reads) => reads.ordersPage(page))).map(({ state }) => state);
  };

  it('discard those of ended runs, and those of this process that nobody receives; no others', async () => {
    const [ended, live] = [runId(2), runId(3)];
    await withRun(store, { run: ended });
    await withRun(store, { run: live });
    const [own, left, dead, others] = [
      orderRecord(1),
      orderRecord(2),
      orderRecord(3, { receivingRun: ended, idempotencyKey: 'k' }),
      orderRecord(4, { receivingRun: live }),
    ];
    for (const one of [own, left, dead, others]) await insert(one);
    unwrap(await store.transaction((tx) => tx.endRun(ended, { at: NOW, reason: 'lost' })));
    const work = runOf(discardUploadsJob, { run: RUN, store, log: SILENT_LOG, underWay: new Set([own.id]) });
    await work();
    await work();
    assert.deepEqual(await states(), ['receiving', 'discarded', 'discarded', 'receiving']);
    await insert(orderRecord(5, { idempotencyKey: 'k' }));
  });

  it('remove the parts of discarded orders at once, and those of ended ones after 30 days', async () => {
    const ended = (days: number) => ({ state: 'finished', finishedAt: NOW - days * DAY_MS }) as const;
    const orders = [
      orderRecord(1, { state: 'discarded', finishedAt: NOW }),
      acceptedOrder(2, 3, ended(31)),
      acceptedOrder(3, 3, ended(29)),
      acceptedOrder(4, 3),
    ];
    // More parts than one transaction removes.
    for (const [at, order] of orders.entries()) await insert(order, at === 0 ? 150 : 3);
    assert.deepEqual(await workDue(removeUploadPartsJob, {}, sharedWorldOf(store)), ['done']);
    const hasParts = async ({ id }: Order) => unwrap(await store.read((reads) => reads.orderPart(id, 1))) !== null;
    assert.deepEqual(await Promise.all(orders.map(hasParts)), [false, false, true, true]);
  });
});
