/**
 * Runs of processes: begun, kept alive by heartbeats, and ended by others. Without this, two
 * processes could be the same node, or nobody would learn that a node is dead.
 */
import assert from 'node:assert/strict';
import { endDeadRunsJob } from '../../../src/jobs/nodes/end-dead-runs.js';
import { createHeartbeat } from '../../../src/jobs/nodes/heartbeat.js';
import { beginRun, endRun } from '../../../src/jobs/nodes/run-record.js';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { err } from '../../../src/kernel/result.js';
import type { RunFacts } from '../../../src/ports/store/nodes.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase, tamper } from '../../support/db/raw.js';
import { certify, intent, NOW, RUN } from '../../support/db/records.js';
import { nodeOf, runFacts, runOf, withRun } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { runOf as workOf } from '../../support/job-run.js';

const AWAY = err({ kind: 'database-unavailable', retryAfterMs: 1, detail: 'a test' } as const);

describeOnEach('the run of a process', ({ kind, fresh, opened }) => {
  let store: Store;
  let database: Awaited<ReturnType<typeof fresh>>;
  let alarms: string[];
  let now: number;

  beforeEach(async () => {
    database = await fresh();
    now = NOW;
    store = await opened({ database, clock: () => now });
    alarms = [];
  });

  const note = (event: string): void => void alarms.push(event);
  const log = { info: () => undefined, warn: note, error: note };
  const worldOf = (facts: Partial<RunFacts>) => ({ store, clock: () => now, log, self: runFacts(facts) });
  const begin = (number: number, facts: Partial<RunFacts> = {}) => beginRun(worldOf({ run: runOf(number), ...facts }));
  const live = async () => unwrap(await store.read((reads) => reads.liveRuns())).map(({ run }) => Number(run));
  const ends = async () =>
    unwrap(await store.read((reads) => reads.runs(100))).map(({ run, end }) => [Number(run), end?.reason ?? null]);
  const audited = async () => (await storedAudit(store)).map(({ type }) => type);

  it('is there from its start to its end, with an audit entry of each', async () => {
    unwrap(await begin(1, { name: 'here', publicationUrl: 'http://10.0.0.1:8080' }));
    unwrap(await begin(1));
    const [run] = unwrap(await store.read((reads) => reads.liveRuns()));
    const times = { clockOffsetMs: 0, startedAt: NOW, seenAt: NOW, end: null };
    assert.deepEqual(run, { ...runFacts({ run: runOf(1), publicationUrl: 'http://10.0.0.1:8080' }), ...times });
    await endRun(worldOf({ run: runOf(1) }));
    await endRun(worldOf({ run: runOf(1) }));
    assert.deepEqual(await ends(), [[1, 'stopped']]);
    assert.deepEqual(await audited(), ['node.started', 'node.stopped']);
    const raw = await rawDatabase(database);
    await assert.rejects(raw.all('update runs set ended_at = null, end_reason = null'), /an ended run/);
    await raw.close();
  });

  it('ends the one before of the same role, and no other', async () => {
    unwrap(await begin(1, { roles: ['api'] }));
    unwrap(await begin(2, { roles: ['worker'] }));
    unwrap(await begin(3, { node: nodeOf(0xbb), roles: ['api'] }));
    unwrap(await begin(4, { roles: ['console', 'api'] }));
    assert.deepEqual(await live(), [2, 3, 4]);
    assert.deepEqual(
      (await ends()).find(([run]) => run === 1),
      [1, 'restarted'],
    );
  });

  it('does not begin where its node runs in another home folder, on any host: the folder was copied', async () => {
    const copy = { home: 'b'.repeat(64) };
    unwrap(await begin(1));
    now += 15 * SECOND_MS;
    for (const host of ['host-1', 'host-2']) {
      const refused = await begin(2, { ...copy, host });
      assert.ok(!refused.ok && refused.error.kind === 'node-already-runs', JSON.stringify(refused));
      assert.match(refused.error.detail, new RegExp(`runs on host-1 .*this is ${host}.*remove its node\\.json`));
    }
    assert.deepEqual([await live(), alarms], [[1], ['node.already-runs', 'node.already-runs']]);
    // Nothing was heard of the other one for longer, so the node has moved.
    now += 1;
    unwrap(await begin(2, copy));
    assert.deepEqual(await live(), [2]);
  });

  it('does not begin beside 64 others', async () => {
    for (let number = 1; number <= 64; number += 1) await withRun(store, { run: runOf(number), node: nodeOf(number) });
    const refused = await begin(65, { node: nodeOf(65) });
    assert.ok(!refused.ok && refused.error.kind === 'too-many-runs');
    // Runs that have been silent for longer do not count.
    now += 15 * SECOND_MS + 1;
    unwrap(await begin(65, { node: nodeOf(65) }));
    unwrap(await begin(66, { node: nodeOf(1) }));
  });

  describe('writes heartbeats', () => {
    let told: string[];
    let steady: number;
    const heartbeatOf = (clock = () => now) => {
      [told, steady] = [[], 0];
      return createHeartbeat({
        ...worldOf({}),
        clock,
        steadyMs: () => steady,
        isShared: true,
        ended: () => void told.push('ended'),
        replaced: () => void told.push('replaced'),
      });
    };

    it('with the time of the database, and how far its own clock is off', async () => {
      await withRun(store);
      const heartbeat = heartbeatOf(() => now - 250);
      now += 7_000;
      steady += 7_000;
      assert.equal(heartbeat.ageMs(), 7_000);
      await heartbeat.beat();
      const [run] = unwrap(await store.read((reads) => reads.liveRuns()));
      assert.deepEqual([run?.seenAt, run?.clockOffsetMs, heartbeat.ageMs()], [NOW + 7_000, -250, 0]);
    });

    it('and is told to stop when others have ended it', async () => {
      await withRun(store);
      const heartbeat = heartbeatOf();
      unwrap(await store.transaction((tx) => tx.endRun(RUN, { at: now, reason: 'lost' })));
      await heartbeat.beat();
      assert.deepEqual([told, alarms], [['ended'], ['node.run-ended']]);
      const freshness = unwrap(await store.read((reads) => reads.freshness()));
      assert.equal(freshness?.heartbeat ?? null, null, 'an ended run has none');
      assert.equal(unwrap(await store.read((reads) => reads.isRunLive(RUN))), false);
    });

    it('and is inserted again in an older database, from which revocations are then relearned', async () => {
      await withRun(store);
      const heartbeat = heartbeatOf();
      await tamper(database, 'delete from runs');
      await heartbeat.beat();
      await heartbeat.beat();
      assert.deepEqual([told, alarms], [['replaced'], ['node.run-missing']]);
      assert.equal(unwrap(await store.read((reads) => reads.isRunLive(RUN))), true);
    });

    if (kind === 'postgresql')
      it('while another process has the write lock', async () => {
        await withRun(store);
        const other = await opened({ database });
        const held = await other.transaction(async (tx) => {
          await tx.setMark('test', '1');
          now += 5_000;
          await heartbeatOf().beat();
        });
        // A heartbeat that waited would have let the server end this idle transaction.
        unwrap(held);
        assert.equal(unwrap(await store.read((reads) => reads.liveRuns()))[0]?.seenAt, NOW + 5_000);
      });
  });

  describe('is ended by another', () => {
    let steady: number;
    let away: boolean;
    let look: () => Promise<void>;

    beforeEach(async () => {
      await withRun(store);
      await withRun(store, { run: runOf(1), node: nodeOf(1), name: 'there', host: 'host-2' });
      [steady, away] = [0, false];
      const read: Store['read'] = async (work) => (away ? AWAY : store.read(work));
      look = workOf(endDeadRunsJob, {
        run: RUN,
        store: { ...store, read },
        clock: () => now,
        steadyMs: () => steady,
        log,
      });
    });

    /** So many looks, three seconds apart. */
    async function looks(count: number): Promise<void> {
      for (let left = count; left > 0; left -= 1) {
        steady += 3_000;
        now += 3_000;
        await look();
      }
    }

    it('when it was silent for fifteen seconds, once, and its node is named with its open intents', async () => {
      const open = { status: 'open' } as const;
      unwrap(await store.transaction((tx) => certify(tx, intent(1, { run: runOf(1) }), open)));
      unwrap(await store.transaction((tx) => certify(tx, intent(2), open)));
      await looks(5);
      assert.deepEqual(alarms, []);
      await looks(3);
      assert.deepEqual(alarms, ['node.lost']);
      const lost = (await storedAudit(store)).filter(({ type }) => type === 'node.lost');
      const { run, roles, version } = runFacts({ run: runOf(1) });
      const seenAt = new Date(NOW).toISOString();
      const details = { run, host: 'host-2', lost: nodeOf(1), roles, version, seenAt, openIntents: 1 };
      assert.deepEqual(
        lost,
        lost.map((entry) => ({ ...entry, details })),
      );
      assert.deepEqual([lost.length, await live()], [1, [Number(RUN)]]);
    });

    it('but not while it writes heartbeats, whatever the clock of the database does', async () => {
      for (const jump of [0, 3_600_000, -7_200_000]) {
        now += jump;
        for (let turn = 0; turn < 8; turn += 1) {
          unwrap(await store.heartbeat(runOf(1), now));
          await looks(1);
        }
      }
      assert.deepEqual(alarms, []);
      await looks(8);
      assert.deepEqual(alarms, ['node.lost']);
    });

    it('but not because the database was away, or this process was paused: others need time to come back', async () => {
      await looks(1);
      away = true;
      await looks(20);
      away = false;
      await looks(4);
      assert.deepEqual(alarms, []);
      [steady, now] = [steady + 60_000, now + 60_000];
      await looks(3);
      assert.deepEqual(alarms, []);
      unwrap(await store.heartbeat(runOf(1), now));
      await looks(1);
      assert.deepEqual(await live(), [1, Number(RUN)].sort());
    });

    it('but not if a heartbeat comes at the last moment', async () => {
      const read: Store['read'] = async (work) => {
        const found = await store.read(work);
        unwrap(await store.heartbeat(runOf(1), now));
        return found;
      };
      const raced = { run: RUN, store: { ...store, read }, clock: () => now, steadyMs: () => steady, log };
      await looks(5);
      const stale = unwrap(await store.read((reads) => reads.liveRuns()));
      now += 60_000;
      const late: Store['read'] = async (work) => {
        const found = await read((reads) => work({ ...reads, liveRuns: async () => stale }));
        return found;
      };
      const lookLate = workOf(endDeadRunsJob, { ...raced, store: { ...store, read: late } });
      for (let turn = 0; turn < 5; turn += 1) {
        steady += 3_000;
        await lookLate();
      }
      assert.deepEqual(alarms, []);
    });
  });

  it('is a column of intents that never changes', async () => {
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    const raw = await rawDatabase(database);
    await assert.rejects(raw.all(`update certificates set run = null`), /content of an intent/);
    await raw.close();
  });
});
