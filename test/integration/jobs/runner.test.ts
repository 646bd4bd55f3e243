/**
 * Jobs of several nodes on one database. Without these tests two nodes could write for one item, a
 * process that was paused could write after another had taken over, or a job that fails could be
 * repeated without a pause.
 */
import assert from 'node:assert/strict';
import { JobFailed, LeaseLost, type SharedWork } from '../../../src/jobs/job.js';
import { type AttemptEnd, runAttempt, type SharedWorld } from '../../../src/jobs/runner/attempt.js';
import { findDue } from '../../../src/jobs/runner/shared-job.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import type { StoredJob } from '../../../src/ports/store/jobs.js';
import type { GroupedWork, Store, Transaction } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { OWN_RUN, withRun } from '../../support/db/runs.js';
import { sharedWorldOf } from '../../support/job-run.js';
import { done, ITEM, itemsDue, jobOf, LEASE_MS, NAME, ONE, OTHER, until } from './one-job.js';

/** One attempt at the item, as the runner makes it. */
function attempt(world: SharedWorld, work: SharedWork['work'], begun = (): void => undefined): Promise<AttemptEnd> {
  const prepared = {
    job: jobOf({ due: itemsDue(ITEM), work }),
    work: { due: itemsDue(ITEM), work },
    everyMs: MINUTE_MS,
  };
  return runAttempt(world, prepared, { item: ITEM, woken: false, isStopping: () => false, begun });
}

async function storedItem(store: Store, item = ITEM): Promise<StoredJob | null> {
  return unwrap(await store.read((reads) => reads.job({ job: NAME, item })));
}

const writeMark = (value: string) => async (tx: Transaction) => tx.setMark('written-by', value);
const MARKING: GroupedWork<Transaction, string, null> = {
  run: async (tx, values) => {
    for (const value of values) await writeMark(value)(tx);
    return values.map(() => null);
  },
};

describeOnEach('the runner of jobs', ({ opened, fresh }) => {
  for (const [how, write] of [
    ['a transaction', async (store: Store) => store.transaction(writeMark('the paused one'))],
    ['a grouped transaction', async (store: Store) => store.groupedTransaction(MARKING, 'the paused one')],
  ] as const)
    it(`rolls back what a paused holder writes after another has taken its lease, in ${how}`, async () => {
      let now = NOW;
      const database = await fresh();
      const [first, second] = [
        await opened({ database, clock: () => now }),
        await opened({ database, clock: () => now }),
      ];
      // The clock of the process stands still, so that only the token can stop it.
      const paused = sharedWorldOf(first, { run: ONE, steadyMs: () => 0 });
      let fault: unknown = null;
      const end = await attempt(paused, async (leased) => {
        unwrap(await leased.transaction(writeMark('the paused one, in time')));
        now += LEASE_MS + 1;
        const taken = await attempt(sharedWorldOf(second, { run: OTHER }), async (own) => {
          unwrap(await own.transaction(writeMark('the other')));
          return 'done';
        });
        assert.equal(taken, 'done');
        await write(leased.store).catch((error: unknown) => {
          fault = error;
        });
        assert.ok(leased.isLost() && leased.mustEnd());
        return 'done';
      });
      assert.ok(fault instanceof LeaseLost);
      assert.equal(end, 'lost');
      assert.equal(unwrap(await first.read((reads) => reads.mark('written-by'))), 'the other');
      const stored = await storedItem(first);
      assert.deepEqual([stored?.lastSuccessAt, stored?.holder, stored?.failures], [now, null, 0]);
    });

  it('leaves an item to its holder while the lease lasts, and takes it over afterwards', async () => {
    let now = NOW;
    const store = await opened({ clock: () => now });
    const [one, other] = [sharedWorldOf(store, { run: ONE }), sharedWorldOf(store, { run: OTHER })];
    const ends: AttemptEnd[] = [];
    const prepared = {
      job: jobOf({ due: itemsDue(ITEM), work: done }),
      work: { due: itemsDue(ITEM), work: done },
      everyMs: 1,
    };
    await attempt(one, async () => {
      now += LEASE_MS - 1;
      ends.push(await attempt(other, done));
      const [seen] = unwrap(await findDue(other, prepared, new Set()));
      assert.ok(seen?.isHeld);
      now += 1;
      ends.push(await attempt(other, done));
      return 'done';
    });
    assert.deepEqual(ends, ['held', 'done']);
  });

  it('takes the lease of an ended run over at once, and writes nothing for that run any more', async () => {
    const store = await withRun(await opened());
    const [ended, other] = [sharedWorldOf(store, { run: OWN_RUN.run }), sharedWorldOf(store, { run: OTHER })];
    const ends: AttemptEnd[] = [];
    ends.push(
      await attempt(ended, async (leased) => {
        ends.push(await attempt(other, done));
        unwrap(await store.transaction((tx) => tx.endRun(OWN_RUN.run, { at: NOW, reason: 'stopped' })));
        assert.equal((await storedItem(store))?.holder, null);
        ends.push(await attempt(other, done));
        await assert.rejects(leased.transaction(writeMark('the ended one')), LeaseLost);
        return 'done';
      }),
    );
    assert.deepEqual(ends, ['held', 'done', 'lost']);
  });

  it('renews a lease during the work, and not after the budget', async () => {
    const store = await opened({ clock: Date.now });
    let steady = 0;
    const timers: (() => void)[] = [];
    const world = sharedWorldOf(store, {
      run: ONE,
      steadyMs: () => steady,
      timers: {
        every: (_, run) => {
          timers.push(run);
          return () => undefined;
        },
        after: () => () => undefined,
      },
    });
    const end = await attempt(world, async (leased) => {
      for (let round = 0; round < 4; round += 1) {
        steady += LEASE_MS / 2;
        for (const run of timers) run();
        // The renewal is a transaction; the store makes one at a time.
        unwrap(await leased.transaction(async () => undefined));
        assert.ok(!leased.isLost());
      }
      assert.ok(!leased.mustEnd());
      steady = 10 * MINUTE_MS - 1;
      for (const run of timers) run();
      await until(() => !leased.isLost());
      steady = 10 * MINUTE_MS + 1;
      assert.ok(leased.mustEnd() && !leased.isLost());
      for (const run of timers) run();
      unwrap(await leased.transaction(async () => undefined));
      // It ends with the renewal before the end of the budget.
      steady += LEASE_MS - 1;
      assert.ok(leased.isLost());
      await assert.rejects(
        leased.transaction(async () => undefined),
        LeaseLost,
      );
      return 'done';
    });
    assert.equal(end, 'done');
  });

  it('repeats what failed after 1 s, 2 s, 4 s and so on, at most 5 min, and at once after a success', async () => {
    let now = NOW;
    const store = await opened({ clock: () => now });
    const world = sharedWorldOf(store, { run: ONE, random: (length) => new Uint8Array(length) });
    const pauses: number[] = [];
    for (let failures = 1; failures <= 12; failures += 1) {
      const end = await attempt(world, async () => {
        throw new JobFailed('the outlet is down');
      });
      assert.equal(end, 'failed');
      const stored = await storedItem(store);
      assert.deepEqual([stored?.failures, stored?.lastError], [failures, 'the outlet is down']);
      pauses.push((stored?.nextAt ?? 0) - now);
      now = (stored?.nextAt ?? 0) - 1;
      assert.equal(await attempt(world, done), 'not-due');
      now += 1;
    }
    // The least that the jitter of 20 % makes of them.
    const expected = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map((seconds) => seconds * 800);
    assert.deepEqual(pauses, expected);
    assert.equal(await attempt(world, done), 'done');
    const stored = await storedItem(store);
    assert.deepEqual([stored?.failures, stored?.lastError, stored?.nextAt], [0, null, now + MINUTE_MS]);
  });

  it('stores no text of an error that may have personal data, and 500 characters at most', async () => {
    const store = await opened();
    const failing = async (error: unknown): Promise<string | null | undefined> => {
      const world = sharedWorldOf(store, { run: ONE });
      const prepared = { job: jobOf({ due: itemsDue(ITEM), work: done }), everyMs: MINUTE_MS };
      const work: SharedWork['work'] = async () => {
        throw error;
      };
      const request = {
        item: String(error).length.toString(),
        woken: true,
        isStopping: () => false,
        begun: () => undefined,
      };
      await runAttempt(world, { ...prepared, work: { due: itemsDue(), work } }, request);
      return (await storedItem(store, request.item))?.lastError;
    };
    assert.equal(await failing(new TypeError('810100000123 Jean DUPONT')), 'TypeError: see job.failed in the log');
    assert.equal(await failing('810100000123'), 'string: see job.failed in the log');
    assert.equal((await failing(new JobFailed('x'.repeat(1_000))))?.length, 500);
  });

  it('keeps what a job stores between two pieces of work, and rolls it back with the rest', async () => {
    const store = await opened();
    const world = sharedWorldOf(store, { run: ONE });
    const cursors: unknown[] = [];
    for (const next of [{ at: 1 }, { at: 2 }]) {
      await attempt(world, async (leased) => {
        cursors.push(leased.cursor);
        unwrap(await leased.transaction((tx) => leased.setCursor(tx, next)));
        return 'more';
      });
    }
    assert.deepEqual(cursors, [null, { at: 1 }]);
    const end = await attempt(
      world,
      (leased) =>
        leased.transaction(async (tx) => {
          await leased.setCursor(tx, { at: 3 });
          throw new Error('a bug');
        }) as never,
    );
    assert.equal(end, 'failed');
    assert.deepEqual((await storedItem(store))?.cursor, { at: 2 });
  });

  it('deletes items that nobody has worked on for 30 days', async () => {
    let now = NOW;
    const store = await opened({ clock: () => now });
    const world = sharedWorldOf(store, { run: ONE });
    const prepared = (item: string) => ({ job: jobOf({ due: itemsDue(item), work: done }), everyMs: MINUTE_MS });
    const work = { due: itemsDue(), work: done };
    const workOn = (item: string) =>
      runAttempt(
        world,
        { ...prepared(item), work },
        { item, woken: false, isStopping: () => false, begun: () => undefined },
      );
    await workOn('old');
    now += 30 * 24 * 60 * MINUTE_MS;
    await workOn('recent');
    assert.ok((await storedItem(store, 'old')) !== null);
    now += 2 * MINUTE_MS;
    await workOn('new');
    assert.deepEqual([await storedItem(store, 'old'), (await storedItem(store, 'recent'))?.item], [null, 'recent']);
  });
});
