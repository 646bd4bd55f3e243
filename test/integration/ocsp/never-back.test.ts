/**
 * No answer changes from revoked to good, except for a released suspension: random histories of
 * several processes on a PostgreSQL server and its standby, while replay stops, databases are
 * unavailable, processes restart, and clocks stop or jump. `PFCNG_OCSP_HISTORIES=1000` tries as
 * many; a failure prints the seed and the shortest history that shows it.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { openStore } from '../../../src/db/open.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { COMMITTED_MARK } from '../../../src/ports/store/freshness.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { NEW_ID, unwrap } from '../../support/db/fixture.js';
import { type Cluster, createCluster, type PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import { createStandby, type Standby } from '../../support/db/postgresql-standby.js';
import { AUDIT_ORIGIN, certify, idOf, intent, RUN, serialOf } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { setState } from '../../support/db/unaudited.js';
import { createStatusAuthority, type StatusAuthority } from '../../support/status/authority.js';
import { type History, historyOf, type Process, startProcess } from './histories.js';
import { ANSWERS } from './read-answer.js';

const HISTORIES = Number(process.env.PFCNG_OCSP_HISTORIES ?? 40);
const STEPS_MAX = 40;
const CERTIFICATES = 2;
/** Two processes on the primary, two on the standby, and one on an address that both share. */
const PROCESSES = ['primary', 'primary', 'standby', 'standby', 'both'] as const;
/**
 * A server is believed while its newest heartbeat is no older than this
 * (`src/jobs/status/status-poller.ts`).
 */
const HEARTBEAT_AGE_MS_MAX = 5 * SECOND_MS;
const BOUND_MS = ANSWERS.staleMsMax + HEARTBEAT_AGE_MS_MAX;

type Step =
  | { readonly do: 'change'; readonly certificate: number; readonly to: 'hold' | 'release' | 'revoke' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'replay'; readonly on: boolean }
  | { readonly do: 'clock'; readonly process: number; readonly is: 'right' | 'still' | 'back' | 'ahead' }
  | { readonly do: 'database'; readonly process: number; readonly away: boolean }
  | { readonly do: 'begin'; readonly process: number }
  | { readonly do: 'ask'; readonly process: number; readonly certificate: number; readonly nonce: boolean };

const someProcess = fc.nat(PROCESSES.length - 1);
const certificate = fc.nat(CERTIFICATES - 1);
const passing = fc.constantFrom(
  50,
  SECOND_MS,
  9 * SECOND_MS,
  20 * SECOND_MS,
  4 * MINUTE_MS,
  6 * MINUTE_MS,
  40 * MINUTE_MS,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      certificate,
      to: fc.constantFrom('hold' as const, 'hold' as const, 'release' as const, 'release' as const, 'revoke' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: passing }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      // A process on two servers needs their clocks, which are its own in this test.
      process: fc.nat(PROCESSES.indexOf('both') - 1),
      is: fc.constantFrom('right' as const, 'still' as const, 'back' as const, 'ahead' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('database' as const), process: someProcess, away: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('begin' as const), process: someProcess }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('ask' as const), process: someProcess, certificate, nonce: fc.boolean() }),
  },
);

describe('the reported status of a certificate', function () {
  this.timeout(Math.max(900_000, HISTORIES * 5_000));
  let cluster: Cluster;
  let standby: Standby;
  let authority: StatusAuthority;
  let database: PostgresqlDatabase;
  let store: Store;
  let processes: readonly Process[];
  let time: number;
  let isReplaying: boolean;
  let born = 1;

  before(async () => {
    authority = createStatusAuthority();
    cluster = await createCluster({ fsync: 'off' });
    standby = await createStandby(cluster);
    database = await cluster.create();
    time = Math.floor(Date.now() / SECOND_MS) * SECOND_MS + HOUR_MS;
    isReplaying = true;
    store = unwrap(
      await openStore({
        database,
        environmentMark: 'development',
        auditOrigin: AUDIT_ORIGIN,
        clock: () => time,
        newId: NEW_ID,
      }),
    );
    await withRun(store, {}, time);
    await standby.caughtUp();
    const places = {
      primary: [database],
      standby: [standby.of(database)],
      both: [database, standby.of(database)],
    };
    processes = await Promise.all(
      PROCESSES.map((place, at) => startProcess({ name: `${place} ${at}`, authority, databases: places[place] })),
    );
  });
  after(async () => {
    for (const one of processes) await one.end();
    await store.close();
    await standby.remove();
    await cluster.remove();
    rmSync(authority.folder, { recursive: true, force: true });
  });

  /**
   * Every node writes a heartbeat every two seconds. Its commit is asynchronous, so another one
   * follows before the standby is waited for.
   */
  const watched = async (): Promise<void> => {
    unwrap(await store.heartbeat(RUN, time));
    unwrap(await store.transaction((tx) => tx.setMark(COMMITTED_MARK, String(time))));
  };

  /** What all that is alive does by itself; the standby first has what it is let have. */
  async function passed(ms: number): Promise<void> {
    time += ms;
    await watched();
    if (isReplaying) await standby.caughtUp();
    // Within one poll interval of a second; nothing is guaranteed earlier.
    if (ms >= SECOND_MS) for (const one of processes) await one.look(time);
  }

  async function begin(): Promise<readonly History[]> {
    if (!isReplaying) await standby.resume();
    isReplaying = true;
    const numbers = Array.from({ length: CERTIFICATES }, (_, at) => born + at);
    born += CERTIFICATES;
    unwrap(
      await store.transaction(async (tx) => {
        for (const number of numbers)
          await certify(tx, intent(number, { issuer: authority.issuer.id, notAfter: time + 1_000 * DAY_MS }));
      }),
    );
    await watched();
    await standby.caughtUp();
    for (const one of processes) await one.begin(time, 'right');
    return numbers.map((number) => historyOf({ number, since: time, processes: processes.length }));
  }

  /** What the transition table allows; anything else nothing happens of. */
  async function change(history: History, to: 'hold' | 'release' | 'revoke'): Promise<void> {
    const { status } = history.state();
    const from = { hold: ['issued'], release: ['suspended'], revoke: ['issued', 'suspended'] }[to];
    if (!from.includes(status)) return;
    const states: Readonly<Record<typeof to, StoredState>> = {
      hold: { status: 'suspended', at: time, invalidityDate: null },
      release: { status: 'issued' },
      revoke: { status: 'revoked', at: time, reason: 'keyCompromise', invalidityDate: null },
    };
    unwrap(
      await store.transaction((tx) =>
        setState(tx, idOf(history.number), [states[to], { at: time, actor: 'account:officer-1' }]),
      ),
    );
    history.became(states[to], time);
  }

  async function take(one: Step, histories: readonly History[]): Promise<void> {
    const of = 'process' in one ? (processes[one.process] ?? assert.fail('no such process')) : null;
    const history = 'certificate' in one ? (histories[one.certificate] ?? assert.fail('no such certificate')) : null;
    switch (one.do) {
      case 'change':
        if (history !== null) await change(history, one.to);
        return;
      case 'pass':
        return passed(one.ms);
      case 'replay':
        if (one.on !== isReplaying) await (one.on ? standby.resume() : standby.pause());
        isReplaying = one.on;
        return;
      case 'clock':
        return of?.setClock(time, one.is);
      case 'database':
        return of?.cut(one.away);
      case 'begin':
        // A new process knows only its own clock.
        return of?.begin(time, 'right');
      case 'ask': {
        if (history === null || of === null) return;
        // From the database, and from memory where it may: what the one has said the other does not
        // take back.
        for (const nonce of [one.nonce, !one.nonce]) {
          const status = await of.ask({ time, serial: serialOf(history.number), nonce });
          counts.set(status, (counts.get(status) ?? 0) + 1);
          history.reported({ process: one.process, status, time, boundMs: BOUND_MS });
        }
      }
    }
  }
  const counts = new Map<string, number>();

  it('never changes from revoked to good, except for a released suspension, and is good no longer than the bound', async () => {
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: STEPS_MAX, size: 'max' }),
      async (steps) => {
        const histories = await begin();
        for (const one of steps) await take(one, histories);
      },
    );
    await fc.assert(property, { numRuns: HISTORIES, endOnFailure: HISTORIES < 100 });
    console.log(`      ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}`);
    for (const wanted of ['good', 'revoked', 'error 3']) assert.ok((counts.get(wanted) ?? 0) > 0, `never ${wanted}`);
  });

  it('is tryLater from a standby that is behind for longer than the bound, and correct when it has caught up', async () => {
    const [history] = await begin();
    assert.ok(history !== undefined);
    const behind = processes[2] ?? assert.fail('no such process');
    const ask = (nonce: boolean) => behind.ask({ time, serial: serialOf(history.number), nonce });
    await passed(SECOND_MS);
    assert.deepEqual([await ask(false), await ask(true)], ['good', 'good']);
    await standby.pause();
    isReplaying = false;
    await behind.setClock(time, 'still');
    await change(history, 'revoke');
    for (let left = BOUND_MS; left >= 0; left -= 10 * SECOND_MS) await passed(10 * SECOND_MS);
    assert.deepEqual([await ask(false), await ask(true)], ['error 3', 'error 3']);
    await standby.resume();
    isReplaying = true;
    await passed(SECOND_MS);
    assert.deepEqual([await ask(false), await ask(true)], ['revoked', 'revoked']);
  });

  it('is not good from a server that lacks a change which another one behind the same address has shown', async () => {
    const [polled, read] = await begin();
    const both = processes[PROCESSES.indexOf('both')];
    assert.ok(polled !== undefined && read !== undefined && both !== undefined);
    const askTwice = async ({ number }: History): Promise<readonly string[]> => {
      const asked = { time, serial: serialOf(number), nonce: true };
      return [await both.ask(asked), await both.ask(asked)].sort();
    };
    await passed(SECOND_MS);
    assert.deepEqual(await askTwice(polled), ['good', 'good']);
    await standby.pause();
    isReplaying = false;
    await change(polled, 'revoke');
    // One of two polls reads the primary.
    for (let polls = 0; polls < 2; polls += 1) await passed(SECOND_MS);
    assert.deepEqual(
      [await askTwice(polled), await askTwice(read)],
      [
        ['error 3', 'revoked'],
        ['error 3', 'good'],
      ],
    );
    await standby.resume();
    isReplaying = true;
    for (let polls = 0; polls < 2; polls += 1) await passed(SECOND_MS);
    assert.deepEqual(
      [await askTwice(polled), await askTwice(read)],
      [
        ['revoked', 'revoked'],
        ['good', 'good'],
      ],
    );
    await standby.pause();
    isReplaying = false;
    await change(read, 'revoke');
    // No poll has seen this change: the status that was read from the primary has shown it.
    const statuses = [...(await askTwice(read)), ...(await askTwice(read))];
    assert.deepEqual(statuses.slice(2), ['error 3', 'revoked'], statuses.join(', '));
  });

  // It is the last test, because it kills the primary.
  it('goes on being good for staleMax after the primary died, then is tryLater, and revoked stays', async () => {
    const [live, revoked] = await begin();
    assert.ok(live !== undefined && revoked !== undefined);
    await change(revoked, 'revoke');
    await passed(SECOND_MS);
    const [, , atStandby] = processes;
    assert.ok(atStandby !== undefined);
    const ask = async (history: History): Promise<readonly string[]> => {
      const asked = { time, serial: serialOf(history.number) };
      return [await atStandby.ask({ ...asked, nonce: false }), await atStandby.ask({ ...asked, nonce: true })];
    };
    const expectAll = async (good: string): Promise<void> => {
      assert.deepEqual(await ask(live), [good, good], `${(time - died) / SECOND_MS} s after`);
      assert.deepEqual(await ask(revoked), ['revoked', 'revoked']);
    };
    const died = time;
    await cluster.end('kill');
    await expectAll('good');
    for (const end = died + BOUND_MS; time < end; ) {
      time = Math.min(end, time + MINUTE_MS);
      await atStandby.look(time);
      if (time < died + ANSWERS.staleMsMax) await expectAll('good');
    }
    time += SECOND_MS;
    await atStandby.look(time);
    await expectAll('error 3');
  });
});
