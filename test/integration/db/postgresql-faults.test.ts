/** Faults of a server, on a cluster that only this file uses. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '../../../src/audit/chain.js';
import { WRITE_LOCK } from '../../../src/db/engine/advisory-locks.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { COMMITTED_MARK } from '../../../src/ports/store/freshness.js';
import type { Store } from '../../../src/ports/store.js';
import { databaseArgument } from '../../support/db/argument.js';
import { cleanUp, opened, unwrap } from '../../support/db/fixture.js';
import { type Cluster, createCluster, type PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import { rawDatabase } from '../../support/db/raw.js';
import { certify, event, idOf, intent, NOW, RUN } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { insertIntents } from '../../support/db/unaudited.js';
import { until } from '../../support/until.js';

const LOCK_HOLDER = fileURLToPath(new URL('../../support/db/lock-holder.js', import.meta.url));
const WRITERS_SQL = `from pg_stat_activity where application_name = 'pfcng' and query not like '%pg_stat_activity%'`;

/** The advisory lock on which a test waits inside of a transaction. */
const GATE = 7;
/** What is before a COMMIT that is never answered must be sooner, on a busy machine too. */
const COMMIT_MS_MAX = 2_500;

describe('a PostgreSQL server that fails', () => {
  let cluster: Cluster;
  let database: PostgresqlDatabase;

  before(async function makeCluster() {
    cluster = await createCluster();
  });
  beforeEach(async () => {
    database = await cluster.create();
  });
  afterEach(cleanUp);
  after(() => cluster.remove());

  /** For the whole server at once, without a restart. */
  async function set(name: string, value: string | null): Promise<void> {
    const current = async () => (await cluster.ask(`select current_setting('${name}') as is`))[0]?.is;
    const before = await current();
    await cluster.ask(value === null ? `alter system reset ${name}` : `alter system set ${name} = '${value}'`);
    await cluster.ask('select pg_reload_conf()');
    while ((await current()) === before) await sleep(20);
    await sleep(100);
  }
  const terminateAll = () => cluster.ask(`select pg_terminate_backend(pid) ${WRITERS_SQL}`);
  const waitsForStandby = async () =>
    (await cluster.ask(`select 1 ${WRITERS_SQL} and wait_event = 'SyncRep'`)).length === 1;
  const statusOf = async (store: Store, number: number) =>
    unwrap(await store.read((reads) => reads.certificateById(idOf(number))))?.state.status ?? null;

  it('work whose connection is lost is retried and committed once', async () => {
    const store = await opened({ database });
    let runs = 0;
    unwrap(
      await store.transaction(async (tx) => {
        runs += 1;
        await insertIntents(tx, [intent(1)]);
        if (runs === 1) await terminateAll();
        await tx.appendAudit([event()]);
      }),
    );
    assert.equal(runs, 2);
    assert.equal(await statusOf(store, 1), 'open');
    assert.equal(unwrap(await store.read((reads) => reads.auditHead())).seq, 1);
  });

  it('no statement of a transaction runs outside of it after its connection was lost', async () => {
    // The work is repeated for this time. A busy machine needs some of it for the first connection.
    const store = await opened({ database, limits: { waitMsMax: 2_000 } });
    const outcome = await store.transaction(async (tx) => {
      await insertIntents(tx, [intent(1)]);
      await terminateAll();
      await sleep(50);
      await insertIntents(tx, [intent(2)]).catch(() => undefined);
      await insertIntents(tx, [intent(3)]).catch(() => undefined);
    });
    assert.ok(!outcome.ok && outcome.error.kind === 'database-unavailable');
    assert.deepEqual(unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 10 }))), []);
  });

  for (const [state, signal] of [
    ['idle', 'SIGSTOP'],
    ['busy', 'SIGKILL'],
  ] as const) {
    it(`another process with the write lock that is ${state} and gets ${signal} loses it, and others go on`, async () => {
      // By its own limits, the other process could keep the lock for ten minutes.
      const store = await opened({ database, limits: { waitMsMax: 60_000 } });
      const child = spawn(process.execPath, [LOCK_HOLDER, databaseArgument(database), state], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(child.stdout, 'data');
        if (state === 'busy')
          await until(
            'it works',
            async () =>
              (await cluster.ask(`select 1 ${WRITERS_SQL} and query like '%pg_sleep%' and state = 'active'`)).length >
              0,
          );
        child.kill(signal);
        unwrap(await store.transaction((tx) => certify(tx, intent(1))));
      } finally {
        child.kill('SIGKILL');
      }
    });
  }

  it('connections that died while they were idle cause no failure', async () => {
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    await terminateAll();
    assert.equal(await statusOf(store, 1), 'issued');
    await terminateAll();
    unwrap(await store.transaction((tx) => certify(tx, intent(2))));
  });

  it('that is away is database-unavailable, in time and with a time to come back; then all goes on by itself', async () => {
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    await cluster.end('immediate');
    for (const outcome of [
      await store.read((reads) => reads.auditHead()),
      await store.transaction((tx) => certify(tx, intent(2))),
      await store.revokedSnapshot({ issuer: intent(1).issuer, partition: null, thisUpdate: 0 }, (snapshot) =>
        snapshot.count(),
      ),
    ]) {
      assert.ok(!outcome.ok && outcome.error.kind === 'database-unavailable' && outcome.error.retryAfterMs >= 1_000);
      assert.match(outcome.error.detail, /cannot be reached/);
    }
    await cluster.start();
    await until('it writes again', async () => (await store.transaction((tx) => certify(tx, intent(3)))).ok);
    assert.deepEqual([await statusOf(store, 1), await statusOf(store, 2)], ['issued', null]);
  });

  it('a process of it that hangs in the middle of a snapshot keeps no list waiting for ever, and the next has another', async () => {
    const store = await opened({ database, limits: { readMsMax: 3_000, snapshotsMax: 1 } });
    const of = { issuer: intent(1).issuer, partition: null, thisUpdate: 0 } as const;
    const pids: number[] = [];
    try {
      const outcome = await store.revokedSnapshot(of, async (snapshot) => {
        await snapshot.count();
        const sql = `select pid ${WRITERS_SQL} and state = 'idle in transaction'`;
        for (const { pid } of await cluster.ask(sql)) pids.push(Number(pid));
        for (const pid of pids) process.kill(pid, 'SIGSTOP');
        return await snapshot.count();
      });
      assert.equal(pids.length, 1);
      assert.ok(!outcome.ok && outcome.error.kind === 'database-unavailable');
      assert.match(outcome.error.detail, /does not answer/);
      unwrap(await store.revokedSnapshot(of, (snapshot) => snapshot.count()));
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  });

  it('killed with all its processes under load, it has everything that was acknowledged, once, in one chain', async () => {
    const store = await opened({ database });
    const acknowledged: number[] = [];
    let going = true;
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (let number = lane; going; number += 4) {
        const done = await store.transaction(async (tx) => {
          await insertIntents(tx, [intent(number)]);
          await tx.appendAudit([event(number)]);
        });
        if (done.ok) acknowledged.push(number);
      }
    });
    for (const [more, pauseMs] of [
      [7, 200],
      [14, 350],
    ] as const) {
      await until('more are acknowledged', async () => acknowledged.length >= more);
      await sleep(pauseMs);
      await cluster.end('kill');
      await cluster.start();
    }
    await until('some are acknowledged', async () => acknowledged.length > 20);
    await sleep(300);
    going = false;
    await Promise.all(lanes);
    assert.ok(acknowledged.length > 20, `${acknowledged.length} acknowledged`);
    const open = unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 100_000 })));
    const ids = new Set(open.map(({ id }) => id));
    assert.deepEqual(
      acknowledged.filter((number) => !ids.has(idOf(number))),
      [],
    );
    const log = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 100_000 })));
    const verdict = await verifyChain(log);
    assert.ok(verdict.ok && verdict.value.count === open.length, 'an entry for each, and none for what is not there');
  });

  it('when the answer to COMMIT is lost, success is not reported and the work is not repeated', async () => {
    const store = await opened({ database });
    await set('synchronous_standby_names', 'nobody');
    try {
      let runs = 0;
      const waiting = store.transaction(async (tx) => {
        runs += 1;
        await insertIntents(tx, [intent(1)]);
      });
      await until('it waits for the standby', waitsForStandby);
      await terminateAll();
      const outcome = await waiting;
      assert.ok(!outcome.ok && /whether the transaction was committed is not known/.test(outcome.error.detail));
      assert.equal(runs, 1);
    } finally {
      await set('synchronous_standby_names', null);
    }
    assert.equal(await statusOf(store, 1), 'open', 'this time it was');
  });

  it('a commit that the standby may not have is not acknowledged', async () => {
    const store = await opened({ database });
    await set('synchronous_standby_names', 'nobody');
    try {
      const waiting = store.transaction((tx) => insertIntents(tx, [intent(1)]));
      await until('it waits for the standby', waitsForStandby);
      await cluster.ask(`select pg_cancel_backend(pid) ${WRITERS_SQL} and wait_event = 'SyncRep'`);
      const outcome = await waiting;
      assert.ok(!outcome.ok && /may not survive/.test(outcome.error.detail));
      const late = await opened({ database, limits: { transactionMsMax: COMMIT_MS_MAX } });
      const never = await late.transaction((tx) => insertIntents(tx, [intent(2)]));
      assert.ok(!never.ok && /is not known: the server does not answer/.test(never.error.detail));
    } finally {
      await set('synchronous_standby_names', null);
    }
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(3)])));
  });

  it('a commit waits for the standby, whatever the server, the database or the role say of synchronous_commit', async () => {
    const { database: name, user } = database;
    for (const [put, reset] of [
      [`alter role ${user} set synchronous_commit = off`, `alter role ${user} reset synchronous_commit`],
      [`alter database ${name} set synchronous_commit = local`, `alter database ${name} reset synchronous_commit`],
      [`alter system set synchronous_commit = off`, `alter system reset synchronous_commit`],
    ] as const) {
      await cluster.ask(put);
      const store = await opened({ database, limits: { transactionMsMax: COMMIT_MS_MAX } });
      // It reloads the settings of the server, also for connections that are open.
      await set('synchronous_standby_names', 'nobody');
      try {
        const waiting = await store.transaction((tx) => tx.setMark('test', put));
        assert.ok(!waiting.ok && /is not known: the server does not answer/.test(waiting.error.detail), put);
      } finally {
        // The order matters: a reset is a transaction that would wait for the standby too.
        await set('synchronous_standby_names', null);
        await cluster.ask(reset);
      }
    }
  });

  it('shows by a mark the newest commit that a standby has, where heartbeats go on without it', async () => {
    const times = { now: NOW };
    const store = await withRun(
      await opened({ database, clock: () => times.now, limits: { transactionMsMax: COMMIT_MS_MAX } }),
    );
    const mark = () => store.transaction((tx) => tx.setMark(COMMITTED_MARK, String(times.now)));
    const signs = async () => {
      const found = unwrap(await store.read((reads) => reads.freshness()));
      return [found?.heartbeat, found?.committed];
    };
    unwrap(await mark());
    assert.deepEqual(await signs(), [NOW, NOW]);
    await set('synchronous_standby_names', 'nobody');
    try {
      times.now += 2_000;
      assert.equal((await mark()).ok, false);
      unwrap(await store.heartbeat(RUN, times.now));
      assert.deepEqual(await signs(), [NOW + 2_000, NOW]);
    } finally {
      await set('synchronous_standby_names', null);
    }
  });

  it('a heartbeat that waits while a restore replaces the row of its run is written, and no end is seen', async () => {
    const store = await withRun(await opened({ database }));
    const gate = await rawDatabase(database);
    await gate.all(`select pg_advisory_lock(${GATE})`);
    const replaced = cluster.ask(
      [
        'begin',
        'set local session_replication_role = replica',
        'create temporary table saved as table runs',
        'delete from runs',
        'insert into runs select * from saved',
        `select pg_advisory_xact_lock(${GATE})`,
        'commit',
      ].join('; '),
      database.database,
    );
    const waits = (query: string) => async () =>
      (await cluster.ask(`select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '${query}%'`))
        .length > 0;
    await until('the restore has replaced the row', waits('begin; set local'));
    const heartbeat = store.heartbeat(RUN, NOW);
    await until('the heartbeat waits for the restore', waits('update runs'));
    await gate.close();
    await replaced;
    assert.equal(unwrap(await heartbeat), 'written');
  });

  it('a standby that became the primary’s address takes no writes until it is promoted: waited for', async () => {
    const store = await opened({ database });
    await set('default_transaction_read_only', 'on');
    const promoted = sleep(500).then(() => set('default_transaction_read_only', null));
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(1)])));
    await promoted;
  });

  it('a server without a free connection is waited for, then database-unavailable', async () => {
    await opened({ database });
    await cluster.ask(`alter role ${database.user} connection limit 0`);
    try {
      const store = await opened({ database, limits: { waitMsMax: 3_000 } }).catch((error: unknown) => String(error));
      assert.match(String(store), /too many connections \(53300\)/);
    } finally {
      await cluster.ask(`alter role ${database.user} connection limit -1`);
    }
  });

  it('work that swallowed a statement’s failure is not taken for committed', async () => {
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(1)])));
    await assert.rejects(
      store.transaction(async (tx) => {
        await insertIntents(tx, [intent(2)]);
        await insertIntents(tx, [intent(1)]).catch(() => undefined);
      }),
      AssertionFailed,
    );
    assert.equal(await statusOf(store, 2), null);
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(2)])));
  });

  it('a process that keeps the write lock is waited for, up to a timeout; its death frees it', async () => {
    const waits: number[] = [];
    const lockWaited = (ms: number): void => void waits.push(ms);
    const patient = await opened({ database });
    const store = await opened({ database, limits: { waitMsMax: 300 }, lockWaited });
    const raw = await rawDatabase(database);
    await raw.all('begin');
    await raw.all(`select pg_advisory_xact_lock(${WRITE_LOCK})`);
    const refused = await store.transaction((tx) => insertIntents(tx, [intent(1)]));
    assert.ok(!refused.ok && /another process holds the write lock/.test(refused.error.detail));
    assert.ok((waits.at(-1) ?? 0) >= 300, 'the wait is measured, although it was in vain');
    const waiting = patient.transaction((tx) => insertIntents(tx, [intent(1)]));
    await sleep(50);
    await cluster.ask(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted`);
    unwrap(await waiting);
    await raw.close();
  });

  it('a process that hangs in a transaction loses it, and the lock with it', async () => {
    const hanging = await opened({ database, limits: { transactionMsMax: 400 } });
    const other = await opened({ database });
    const outcome = hanging.transaction(async (tx) => {
      await insertIntents(tx, [intent(1)]);
      // The server sees a stopped process like this: it sends nothing more.
      const end = performance.now() + 900;
      while (performance.now() < end) Math.sqrt(end);
      await insertIntents(tx, [intent(2)]);
    });
    const [first] = await Promise.all([outcome, sleep(20)]);
    assert.ok(!first.ok);
    unwrap(await other.transaction((tx) => insertIntents(tx, [intent(3)])));
    assert.deepEqual([await statusOf(other, 1), await statusOf(other, 2)], [null, null]);
  });
});
