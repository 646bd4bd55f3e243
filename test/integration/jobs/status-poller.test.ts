import assert from 'node:assert/strict';
import { createStatusPoller, type PollerWorld, pollStatusesJob } from '../../../src/jobs/status/status-poller.js';
import { err } from '../../../src/kernel/result.js';
import { COMMITTED_MARK } from '../../../src/ports/store/freshness.js';
import type { StatusChange } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, ISSUER, idOf, intent, NOW, RUN, serialOf } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { insertIntents, setState, setStates, storeSignatures } from '../../support/db/unaudited.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const AT = { at: NOW, actor: 'account:officer-1' };
const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;

describeOnEach('the status poller', ({ kind, fresh, opened }) => {
  let here: Store;
  let there: Store;
  let steady: number;
  let clock: number;
  let notified: StatusChange[];
  let replaced: number;
  beforeEach(async () => {
    const database = await fresh();
    [steady, clock, notified, replaced] = [0, NOW, [], 0];
    [here, there] = await Promise.all([
      opened({ database, clock: () => clock }),
      opened({ database, clock: () => clock }),
    ]);
    await withRun(here);
    await writes('commits');
    unwrap(
      await here.transaction(async (tx) => {
        for (let at = 1; at <= 3; at += 1) await certify(tx, intent(at));
      }),
    );
  });

  const poller = (store: PollerWorld['store'] = there) => {
    const made = createStatusPoller({ store, steadyMs: () => steady, log: SILENT_LOG });
    made.subscribe({
      changed: (changes) => void notified.push(...changes),
      replaced: () => {
        replaced += 1;
      },
    });
    return made;
  };
  const revoke = async (number: number) =>
    unwrap(await here.transaction((tx) => setState(tx, idOf(number), [revoked, AT])));
  const serials = (): readonly string[] => notified.map(({ serial }) => serial);
  /** What nodes write into the database again and again. */
  async function writes(...what: readonly ('heartbeats' | 'commits')[]): Promise<void> {
    if (what.includes('heartbeats')) unwrap(await here.heartbeat(RUN, clock));
    if (what.includes('commits')) unwrap(await here.transaction((tx) => tx.setMark(COMMITTED_MARK, String(clock))));
  }
  function passed(ms: number): void {
    steady += ms;
    clock += ms;
  }

  it('reports each change that another process made since it began once, in the order of the changes', async () => {
    await revoke(1);
    const made = poller();
    unwrap(await made.begin());
    await made.poll();
    assert.deepEqual(notified, []);
    await revoke(3);
    await revoke(2);
    await made.poll();
    await made.poll();
    assert.deepEqual(serials(), [serialOf(3), serialOf(2)]);
    assert.ok(notified.every(({ issuer }) => issuer === ISSUER));
  });

  it('polls after a commit of this process, and once more if others follow during the poll', async () => {
    let polls = 0;
    const counting: PollerWorld['store'] = {
      read: (work) => {
        polls += 1;
        return there.read(work);
      },
    };
    const made = poller(counting);
    unwrap(await made.begin());
    polls = 0;
    await revoke(1);
    for (let times = 0; times < 10; times += 1) made.pollSoon();
    while (polls < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([polls, ...serials()], [2, serialOf(1)]);
  });

  it('reports many changes of one transaction', async () => {
    const made = poller();
    unwrap(await made.begin());
    const numbers = Array.from({ length: 1_200 }, (_, at) => at + 10);
    unwrap(
      await here.transaction(async (tx) => {
        await insertIntents(
          tx,
          numbers.map((number) => intent(number)),
        );
        await storeSignatures(
          tx,
          numbers.map((number) => ({ id: idOf(number), signature: Uint8Array.of(1) })),
        );
        await setStates(
          tx,
          numbers.map((number) => ({ id: idOf(number), state: revoked })),
          AT,
        );
      }),
    );
    await made.poll();
    assert.deepEqual(new Set(serials()), new Set(numbers.map(serialOf)));
    assert.equal(notified.length, numbers.length);
  });

  it('is as old as its last successful poll, and reports what it missed when the database is back', async () => {
    let isUnavailable = false;
    const away = err({ kind: 'database-unavailable', retryAfterMs: 1, detail: 'gone' } as const);
    const read: Store['read'] = async (work) => (isUnavailable ? away : there.read(work));
    const made = poller({ read });
    assert.equal(made.staleMs(), Number.POSITIVE_INFINITY);
    unwrap(await made.begin());
    passed(1_000);
    await made.poll();
    isUnavailable = true;
    passed(60_000);
    await made.poll();
    assert.equal(made.staleMs(), 60_000);
    await revoke(1);
    await writes('heartbeats', 'commits');
    isUnavailable = false;
    await made.poll();
    assert.deepEqual([serials(), made.staleMs()], [[serialOf(1)], 0]);
  });

  for (const [what, missed] of [
    ['fewer', [1]],
    ['as many', [2, 3]],
    ['more', [2, 3, 1]],
  ] as const)
    it(`reports another database where a backup was restored, with ${what} changes than before`, async () => {
      const database = await fresh();
      const restored = await opened({ database, clock: () => clock });
      unwrap(
        await restored.transaction(async (tx) => {
          for (let at = 1; at <= 4; at += 1) await certify(tx, intent(at));
        }),
      );
      unwrap(await here.transaction((tx) => certify(tx, intent(4))));
      await revoke(1);
      await revoke(2);
      let isRestored = false;
      const read: Store['read'] = (work) => (isRestored ? restored : there).read(work);
      const made = poller({ read });
      unwrap(await made.begin());
      await revoke(3);
      await made.poll();
      isRestored = true;
      for (const number of missed)
        unwrap(await restored.transaction((tx) => setState(tx, idOf(number), [revoked, { ...AT, at: NOW + 1 }])));
      notified = [];
      // A server shows by a later heartbeat that it lacks the changes for good.
      passed(1);
      await withRun(restored, {}, clock);
      await made.poll();
      assert.deepEqual([serials(), replaced], [[], 1]);
      unwrap(await restored.transaction((tx) => setState(tx, idOf(4), [revoked, AT])));
      await made.poll();
      assert.deepEqual([serials(), replaced], [[serialOf(4)], 1], 'and goes on from there');
    });

  if (kind === 'sqlite') return;

  it('is as old as the newest heartbeat, and as the newest commit that was confirmed', async () => {
    for (const [stopped, going, ageMsMax] of [
      ['heartbeats', 'commits', 5_000],
      ['commits', 'heartbeats', 15_000],
    ] as const) {
      await writes('heartbeats', 'commits');
      const made = poller();
      unwrap(await made.begin());
      passed(ageMsMax);
      await writes(going);
      await made.poll();
      assert.equal(made.staleMs(), 0, `without ${stopped} for less than their limit`);
      passed(100_000);
      await writes(going);
      await made.poll();
      assert.equal(made.staleMs(), 100_000, `without ${stopped}: stale since the last poll that was not behind`);
      const late = poller();
      unwrap(await late.begin());
      assert.equal(late.staleMs(), 100_000 + ageMsMax);
    }
  });

  it('is stale where no node has written to the database', async () => {
    const empty = await opened({ database: await fresh(), clock: () => clock });
    const made = poller(empty);
    unwrap(await made.begin());
    assert.equal(made.staleMs(), Number.POSITIVE_INFINITY);
  });

  it('is as old as a heartbeat that stands still, where clocks stand still or the heartbeat is in the future', async () => {
    for (const ahead of [0, 3_600_000]) {
      clock += ahead;
      await writes('heartbeats', 'commits');
      clock -= ahead;
      const made = poller();
      unwrap(await made.begin());
      steady += 4_000;
      await made.poll();
      assert.equal(made.staleMs(), 0);
      steady += 56_000;
      await made.poll();
      assert.equal(made.staleMs(), 56_000, 'stale since the last poll that was not behind');
      clock += 1;
      await writes('heartbeats', 'commits');
      await made.poll();
      assert.equal(made.staleMs(), 0);
    }
  });

  it('waits for a server that lacks the newest change, until its heartbeats show that it is another database', async () => {
    let isBehind = false;
    const none = { lastStatusChange: async () => 0, statusChanges: async () => [] };
    const read: Store['read'] = (work) => there.read((reads) => work(isBehind ? { ...reads, ...none } : reads));
    const made = poller({ read });
    await revoke(1);
    unwrap(await made.begin());
    isBehind = true;
    passed(60_000);
    await made.poll();
    assert.deepEqual([replaced, made.staleMs(), made.newestChange()], [0, 60_000, 1]);
    await writes('heartbeats', 'commits');
    await made.poll();
    assert.deepEqual([replaced, made.staleMs(), made.newestChange()], [1, 0, 0]);
  });

  it('knows no server as current that lacks a change which was read elsewhere', async () => {
    const made = poller();
    unwrap(await made.begin());
    passed(1_000);
    made.sawChange(1);
    await made.poll();
    assert.deepEqual([made.staleMs(), made.newestChange(), replaced], [1_000, 1, 0]);
    await revoke(1);
    await made.poll();
    assert.deepEqual([made.staleMs(), serials(), replaced], [0, [serialOf(1)], 0]);
  });
});

// ops/ocsp.md, ops/postgresql.md and ops/relying-parties.md promise a second.
describe('the job of the status poller', () => {
  it('is run five times a second', () => assert.equal(pollStatusesJob.everyMs, 200));
});
