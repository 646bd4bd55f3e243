/**
 * How a process chooses the work that it begins. Without these tests an idle node could write, an
 * outlet that hangs could delay a list, or a node whose signer is down could keep an item from the
 * others.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobFailed, type JobName, type SharedWork } from '../../../src/jobs/job.js';
import { createPool } from '../../../src/jobs/runner/pool.js';
import { createSharedJob, findDue } from '../../../src/jobs/runner/shared-job.js';
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { RunId } from '../../../src/ports/node.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { sharedWorldOf } from '../../support/job-run.js';
import { done, ITEM, itemsDue, jobOf, NAME, ONE, OTHER, runnerOn, until } from './one-job.js';

describeOnEach('the queue of the runner', ({ opened, fresh }) => {
  it('leaves what failed here to other processes first', async () => {
    let now = NOW;
    let steady = 0;
    let attempts = 0;
    let timer: { readonly ms: number; readonly run: () => void } | null = null;
    const nextTimer = async (): Promise<number> => {
      await until(() => timer !== null);
      return (timer as unknown as { readonly ms: number }).ms;
    };
    const after = (ms: number, run: () => void) => {
      timer = { ms, run };
      return () => undefined;
    };
    const pass = (ms: number): void => {
      const due = timer;
      timer = null;
      now += ms;
      steady += ms;
      due?.run();
    };
    const work = async () => {
      attempts += 1;
      throw new JobFailed('the signer of this node is down');
    };
    const world = sharedWorldOf(await opened({ clock: () => now }), { run: ONE, steadyMs: () => steady });
    const observer = { ended: () => undefined, leaseCountChanged: () => undefined };
    const shared = createSharedJob(
      { ...world, timers: { every: () => () => undefined, after }, pool: createPool(1), observer },
      { job: jobOf({ due: itemsDue(ITEM), work }), work: { due: itemsDue(ITEM), work }, everyMs: MINUTE_MS },
    );
    shared.start();
    assert.equal(await nextTimer(), 0);
    pass(0);
    // The pause after the failure.
    pass(await nextTimer());
    assert.equal(await nextTimer(), 2 * SECOND_MS);
    assert.equal(attempts, 1);
    pass(2 * SECOND_MS);
    await until(() => attempts === 2);
    await shared.stop();
  });

  it('keeps the items that were woken when the due items cannot be read', async () => {
    const asked: number[] = [];
    let nextPoll: (() => void) | null = null;
    const after = (ms: number, run: () => void) => {
      asked.push(ms);
      nextPoll = run;
      return () => undefined;
    };
    let looks = 0;
    let attempts = 0;
    const due = async () => {
      looks += 1;
      if (looks === 2) throw new Error('a folder that cannot be read');
      return looks === 1 ? [] : [ITEM];
    };
    const work = async () => {
      attempts += 1;
      return 'done' as const;
    };
    const store = await opened({ clock: () => NOW });
    // Without the wake, the item would wait for its next time in the schedule.
    const schedule = { nextAt: NOW + MINUTE_MS, failures: 0, lastStartedAt: NOW, lastSuccessAt: NOW, lastError: null };
    unwrap(await store.transaction((tx) => tx.setJobSchedule({ job: NAME, item: ITEM, ...schedule })));
    const observer = { ended: () => undefined, leaseCountChanged: () => undefined };
    const shared = createSharedJob(
      {
        ...sharedWorldOf(store, { run: ONE, steadyMs: () => 0 }),
        timers: { every: () => () => undefined, after },
        pool: createPool(1),
        observer,
      },
      { job: jobOf({ due, work }), work: { due, work }, everyMs: MINUTE_MS },
    );
    shared.start();
    await until(() => looks === 1);
    shared.wake(ITEM);
    await until(() => looks === 2);
    await sleep(20);
    assert.deepEqual(asked, [SECOND_MS]);
    (nextPoll as unknown as () => void)();
    await until(() => attempts === 1);
    await shared.stop();
  });

  it('finds what is stored of each item that is due, of more than one statement takes', async () => {
    const store = await opened({ clock: Date.now });
    const stored = Array.from({ length: 450 }, (_, at) => `item-${at}`);
    const schedule = { nextAt: NOW, failures: 3, lastStartedAt: NOW, lastSuccessAt: null, lastError: null };
    unwrap(
      await store.transaction(async (tx) => {
        for (const item of stored) await tx.setJobSchedule({ job: NAME, item, ...schedule });
        await tx.setJobSchedule({ job: 'another-job', item: 'item-new', ...schedule });
      }),
    );
    const job = jobOf({ due: itemsDue(...stored.slice(20), 'item-new'), work: done });
    const work = { due: itemsDue(...stored.slice(20), 'item-new'), work: done };
    const due = unwrap(await findDue(sharedWorldOf(store, { run: ONE }), { job, work, everyMs: 1 }, new Set()));
    assert.deepEqual(
      due.map((one) => [one.item, one.stored?.failures ?? null]),
      [...stored.slice(20).map((item) => [item, 3]), ['item-new', null]],
    );
  });

  it('writes nothing while nothing is due', async () => {
    const store = await opened({ clock: Date.now });
    let transactions = 0;
    let looks = 0;
    const counted: Store = {
      ...store,
      transaction: (work) => {
        transactions += 1;
        return store.transaction(work);
      },
    };
    const due = async () => {
      looks += 1;
      return [];
    };
    const runner = runnerOn(counted, ONE, jobOf({ due, work: done }, { everyMs: 5 }));
    await until(() => looks > 10);
    await runner.stop();
    assert.equal(transactions, 0);
    assert.deepEqual(unwrap(await store.read((reads) => reads.jobs({ limit: 10 }))), []);
  });

  it('never works on one item twice at once, on two nodes, and does all that is due', async () => {
    const database = await fresh();
    const stores = [await opened({ database, clock: Date.now }), await opened({ database, clock: Date.now })];
    const items = Array.from({ length: 12 }, (_, at) => `item-${at}`);
    const pieces = 3;
    const working = new Map<string, number>();
    const finished = new Set<string>();
    const atOnce = new Map<RunId, number>();
    const runners = stores.map((store, at) => {
      const run = at === 0 ? ONE : OTHER;
      const work: SharedWork['work'] = async (leased, item) => {
        working.set(item, (working.get(item) ?? 0) + 1);
        atOnce.set(run, (atOnce.get(run) ?? 0) + 1);
        assert.equal(working.get(item), 1, `${item} has one worker`);
        assert.ok((atOnce.get(run) ?? 0) <= 4, 'four pieces at once');
        await sleep(2);
        // The other node may have finished it between the look and the lease.
        const count = Math.min(pieces, Number(leased.cursor ?? 0) + 1);
        unwrap(await leased.transaction((tx) => leased.setCursor(tx, count)));
        working.set(item, 0);
        atOnce.set(run, (atOnce.get(run) ?? 0) - 1);
        if (count < pieces) return 'more';
        finished.add(item);
        return 'done';
      };
      const due = async () => items.filter((item) => !finished.has(item));
      return runnerOn(store, run, jobOf({ due, work }, { everyMs: 20 }));
    });
    await until(() => finished.size === items.length);
    for (const runner of runners) await runner.stop();
    const [store] = stores;
    const rows = unwrap(await (store as Store).read((reads) => reads.jobs({ job: NAME, limit: 100 })));
    assert.deepEqual(
      rows.map(({ cursor, failures, holder, lastError }) => [cursor, failures, holder, lastError]),
      items.map(() => [pieces, 0, null, null]),
    );
  });

  it('does essential work while other work hangs', async () => {
    const store = await opened({ clock: Date.now });
    let hanging = 0;
    let isReleased = false;
    let isDone = false;
    const hang: SharedWork['work'] = async () => {
      hanging += 1;
      await until(() => isReleased);
      return 'done';
    };
    const finish: SharedWork['work'] = async () => {
      isDone = true;
      return 'done';
    };
    const items = Array.from({ length: 6 }, (_, at) => `item-${at}`);
    const slow = jobOf({ due: itemsDue(...items), work: hang }, { isEssential: false });
    const due = async () => (hanging === 4 ? [ITEM] : []);
    const essential = jobOf({ due, work: finish }, { name: 'another-job' as JobName, everyMs: 20 });
    const runner = runnerOn(store, ONE, slow, essential);
    await until(() => isDone);
    assert.equal(hanging, 4);
    isReleased = true;
    await runner.stop();
  });

  it('begins nothing more when it retires, and asks the work in progress to end', async () => {
    const store = await opened({ clock: Date.now });
    const begun: string[] = [];
    const asked: boolean[] = [];
    let hasRetired = false;
    const work: SharedWork['work'] = async (leased, item) => {
      begun.push(item);
      await until(() => hasRetired);
      asked.push(leased.mustEnd());
      return 'done';
    };
    const runner = runnerOn(store, ONE, jobOf({ due: itemsDue(ITEM), work }));
    await until(() => begun.length === 1);
    runner.stopSharedJobs();
    hasRetired = true;
    await until(() => asked.length === 1);
    runner.wake(NAME, ITEM);
    await runner.stop();
    assert.deepEqual([begun, asked], [[ITEM], [true]]);
  });

  it('ends the work in progress when it stops, gives its lease back, and begins nothing more', async () => {
    const store = await opened({ clock: Date.now });
    const begun: string[] = [];
    const work: SharedWork['work'] = async (leased, item) => {
      begun.push(item);
      await until(() => leased.mustEnd());
      return 'more';
    };
    const items = Array.from({ length: 6 }, (_, at) => `item-${at}`);
    const runner = runnerOn(store, ONE, jobOf({ due: itemsDue(...items), work }));
    await until(() => begun.length === 4);
    await runner.stop();
    assert.deepEqual(begun, items.slice(0, 4));
    const rows = unwrap(await store.read((reads) => reads.jobs({ job: NAME, limit: 100 })));
    assert.deepEqual(
      rows.map(({ item, holder }) => [item, holder]),
      items.slice(0, 4).map((item) => [item, null]),
    );
  });
});
