/** The watch over the clock, on a clock that the test sets. */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { watchClockJob } from '../../../src/jobs/clock-watch.js';
import { createWriteState, WRITE_AGE_MS_MAX, type WriteState } from '../../../src/jobs/write-state.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { advanceClockMark, resetClockMark } from '../../../src/operations/clock.js';
import { COMMITTED_MARK } from '../../../src/ports/store/freshness.js';
import type { Store, Transaction } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { nodeOf, runFacts, runOf as runNumber } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { runOf } from '../../support/job-run.js';

describeOnEach('the watch over the clock', ({ opened }) => {
  let store: Store;
  let watch: () => Promise<void>;
  let alarms: string[];
  let writes: WriteState;
  /** `database`: ahead of the wall clock by this. */
  const clock = { wall: NOW, steady: 0, database: 0 };

  beforeEach(async () => {
    store = await opened({ clock: () => clock.wall + clock.database });
    alarms = [];
    Object.assign(clock, { wall: NOW, steady: 0, database: 0 });
    watch = watchAnew();
  });

  function watchAnew(): () => Promise<void> {
    const note = (event: string): void => void alarms.push(event);
    const log = { info: note, warn: note, error: note };
    writes = createWriteState(() => clock.steady);
    const parts = { node: nodeOf(0xaa), store, clock: () => clock.wall, steadyMs: () => clock.steady, log, writes };
    return runOf(watchClockJob, parts);
  }
  async function pass(ms: number, steppedMs = 0): Promise<void> {
    clock.steady += ms;
    clock.wall += ms + steppedMs;
    await watch();
  }
  const mark = async () => unwrap(await store.read((reads) => reads.databaseClock())).mark;
  const audited = async () => (await storedAudit(store)).map(({ type }) => type);

  it('advances the high-water mark while nothing is issued, and raises no alarm when time just passes', async () => {
    await watch();
    assert.equal(await mark(), NOW);
    await pass(60 * MINUTE_MS);
    await pass(10 * MINUTE_MS, 30_000);
    assert.equal(await mark(), clock.wall);
    assert.deepEqual([alarms, await audited()], [[], []]);
  });

  it('shows to all that read the database when it was last written, also where a clock is wrong', async () => {
    const written = async () => Number(unwrap(await store.read((reads) => reads.mark(COMMITTED_MARK))));
    await watch();
    assert.equal(await written(), NOW);
    clock.database = -10 * MINUTE_MS;
    await pass(5_000);
    assert.deepEqual([alarms, await written()], [['clock.wrong'], NOW + 5_000 - 10 * MINUTE_MS]);
  });

  it('shows that the database can be written: the age of the last commit grows while nothing can be written, with the reason', async () => {
    await watch();
    await pass(5_000);
    assert.deepEqual(writes.state(), { ageMs: 0, detail: null });
    await store.close();
    for (let turn = 0; turn < 4; turn += 1) await pass(5_000);
    const { ageMs, detail } = writes.state();
    assert.deepEqual([ageMs > WRITE_AGE_MS_MAX, detail], [true, 'the database is closed']);
    assert.deepEqual(alarms, ['database.not-written']);
  });

  it('does not count a commit while the disk is full, although it fits; logs each reason once, and the end', async () => {
    const opened = store;
    const lack = (detail: string) => err({ kind: 'database-unavailable', retryAfterMs: 1, detail } as const);
    let space: Awaited<ReturnType<Store['confirmSpace']>> = lack('full');
    store = { ...opened, confirmSpace: async () => space };
    watch = watchAnew();
    for (let turn = 0; turn < 4; turn += 1) await pass(5_000);
    assert.deepEqual(writes.state(), { ageMs: 20_000, detail: 'full' });
    assert.equal(await mark(), clock.wall);
    space = lack('away');
    await pass(5_000);
    space = ok(undefined);
    await pass(5_000);
    await pass(5_000);
    assert.deepEqual(writes.state(), { ageMs: 0, detail: null });
    assert.deepEqual(alarms, ['database.not-written', 'database.not-written', 'database.written']);
  });

  it('raises an alarm for a step in either direction and while the clock is behind, and audits each once', async () => {
    await watch();
    await pass(10_000, 10 * MINUTE_MS);
    const ahead = clock.wall;
    await pass(10_000, -5 * MINUTE_MS);
    await pass(10_000);
    assert.equal(await mark(), ahead);
    await pass(5 * MINUTE_MS);
    assert.equal(await mark(), clock.wall);
    assert.deepEqual(alarms, ['clock.stepped', 'clock.stepped', 'clock.wrong', 'clock.wrong', 'clock.right']);
    assert.deepEqual(await audited(), ['clock.wrong', 'clock.right']);
  });

  it('detects after a restart that the clock is behind', async () => {
    await watch();
    clock.wall -= 2 * MINUTE_MS;
    watch = watchAnew();
    await watch();
    assert.deepEqual(alarms, ['clock.wrong']);
    assert.equal(await mark(), NOW);
  });

  it('raises an alarm while this clock differs from that of the database, and leaves the mark to the others', async () => {
    await watch();
    for (const [database, offsetMs] of [
      [-2 * MINUTE_MS, 2 * MINUTE_MS],
      [2 * MINUTE_MS, -2 * MINUTE_MS],
    ] as const) {
      clock.database = database;
      const passed = await store.transaction(async (tx) =>
        advanceClockMark(tx, await tx.databaseClock(), () => clock.wall),
      );
      assert.deepEqual(unwrap(passed), { offsetMs, behindMs: Math.max(0, -database) });
      await watch();
      assert.equal(await mark(), NOW);
      clock.database = 0;
      await watch();
    }
    assert.deepEqual(alarms, ['clock.wrong', 'clock.right', 'clock.wrong', 'clock.right']);
    assert.deepEqual(await audited(), ['clock.wrong', 'clock.right', 'clock.wrong', 'clock.right']);
  });

  /** A live run of another node, whose clock is ahead of that of the database by this. */
  async function other(number: number, clockOffsetMs: number): Promise<void> {
    const facts = runFacts({ run: runNumber(number), node: nodeOf(number) });
    const insert = async (tx: Transaction) =>
      tx.insertRun(facts, { at: (await tx.databaseClock()).now, clockOffsetMs });
    unwrap(await store.transaction(insert));
  }

  it('names the database where nodes agree with each other and not with it, and this node where one has its time', async () => {
    clock.database = -2 * MINUTE_MS;
    await watch();
    await other(1, 2 * MINUTE_MS + 10_000);
    await watch();
    assert.deepEqual(alarms, ['clock.wrong', 'clock.wrong'], 'alone, or with one that has yet another time');
    await other(2, 2 * MINUTE_MS + 500);
    await watch();
    await other(3, 30_000);
    await watch();
    assert.deepEqual(alarms.slice(2), ['clock.database-wrong', 'clock.wrong']);
    assert.deepEqual(await audited(), ['clock.wrong', 'clock.database-wrong', 'clock.wrong']);
  });
});

describeOnEach('the reset of the high-water mark', ({ opened }) => {
  const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  const account = (id: string, role: string, disabled = false) => ({
    id,
    name: id,
    roles: [role],
    scope,
    credentials: [],
    disabled,
    ...ACCOUNT_DEFAULTS,
    createdAt: NOW,
  });

  it('requires two different officers who are in office', async () => {
    const store = await opened();
    const accounts = [
      account('a', 'officer'),
      account('b', 'officer'),
      account('gone', 'officer', true),
      { ...account('ended', 'officer'), expiresAt: NOW },
      account('auditor', 'auditor'),
    ];
    const refused = [
      [],
      ['a'],
      ['a', 'a'],
      ['a', 'b', 'b'],
      ['a', 'nobody'],
      ['a', 'auditor'],
      ['gone', 'b'],
      ['a', 'ended'],
    ];
    unwrap(
      await store.transaction(async (tx) => {
        for (const one of accounts) await tx.insertAccount(one);
        await tx.setClockMark(NOW + MINUTE_MS);
      }),
    );
    const mark = async () => unwrap(await store.read((reads) => reads.databaseClock())).mark;
    const world = { store, clock: () => NOW };
    for (const officers of refused) {
      const outcome = await resetClockMark(world, officers);
      assert.ok(!outcome.ok && outcome.error.kind === 'refused', officers.join());
      assert.equal(await mark(), NOW + MINUTE_MS);
    }
    unwrap(await resetClockMark(world, ['a', 'b']));
    assert.equal(await mark(), NOW);
  });
});
