/**
 * kill -9 of services while they work on an order, at moments that come from a printed seed
 * (PFCNG_FAULT_SEED repeats them): of one service on SQLite, and of two nodes on one PostgreSQL
 * database, of which one is also stopped for longer than its lease. Each card has one outcome, and
 * each certificate stands in the outcome of one line. PFCNG_FAULT_ORDER_CARDS is the number of
 * cards; there is a kill for every 250 of them.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WRITE_LOCK } from '../../../src/db/engine/advisory-locks.js';
import { present } from '../../../src/kernel/assert.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import type { Receipt } from '../../../src/orders/receipt.js';
import { type DatabaseKind, describeOnEach } from '../../support/db/fixture.js';
import type { RawDatabase } from '../../support/db/raw.js';
import { judgeReceipt, publishedPlatformKey, type ShownReceipt } from '../../support/orders/judge-receipt.js';
import { type Client, clientOf, fetchOpenApi, trustOf } from '../../support/service/client.js';
import { openDatabase } from '../../support/service/database.js';
import { makeServiceHome, removeServiceHome } from '../../support/service/home.js';
import { cardBody } from '../../support/service/orders.js';
import { isAlive } from '../../support/service/processes.js';
import { createResponseJudge, type ResponseJudge } from '../../support/service/schema.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import { startTwoNodes } from '../nodes/two-nodes.js';
import { seededRandom } from '../storm.js';

const CARDS = Number(process.env.PFCNG_FAULT_ORDER_CARDS ?? 160);
/** On two nodes, the node that was stopped is killed in addition. */
const KILLS = { sqlite: Math.max(1, Math.floor(CARDS / 250)), postgresql: Math.floor(CARDS / 250) } as const;
const SEED = Number(process.env.PFCNG_FAULT_SEED ?? randomInt(2 ** 31));
const WAIT_MS_MAX = 20 * MINUTE_MS;
/** A lease lasts an hour at most. */
const LEASE_MS = 50 * MINUTE_MS;
/** In this time a node prepares the lines that it works on at once. */
const PREPARE_MS = 300;
/** So long at most until the next kill, in addition to the share of the lines. */
const MOMENT_MS = 50;

type Order = {
  readonly id: string;
  readonly state: string;
  readonly lines: number;
  readonly counts: Readonly<Record<string, number>>;
};

type Result = {
  readonly line: number;
  readonly outcome: string;
  readonly certificates: readonly { readonly id: string; readonly sha256: string; readonly certificate: string }[];
};

type Row = Readonly<Record<string, unknown>>;

type Holder = { readonly node: Service; readonly run: string };

const isOpen = ({ status }: Row): boolean => status === 'open';

type Services = { readonly services: readonly Service[]; readonly stop: () => Promise<void> };

/** One service on SQLite, two nodes on PostgreSQL. */
async function startServices(kind: DatabaseKind): Promise<Services> {
  if (kind === 'postgresql') return startTwoNodes();
  const at = await makeServiceHome('p-256');
  const service = createService(at);
  await service.start();
  const stop = async (): Promise<void> => {
    await service.stop();
    removeServiceHome(at);
  };
  return { services: [service], stop };
}

describeOnEach(`an order of ${CARDS} cards and kills of services (PFCNG_FAULT_SEED=${SEED})`, ({ kind }) => {
  const random = seededRandom(SEED);
  let upload: string;
  let running: Services;
  let judge: ResponseJudge;
  /** A service that runs, and its client. */
  let service: Service;
  let client: Client;
  let order: Order;
  let rows: readonly Row[];
  let results: readonly Result[];
  /** How many lines had no outcome at each kill. */
  const openAtKills: number[] = [];

  const use = (one: Service): void => {
    service = one;
    client = clientOf(one, 'card-management', { judge });
  };

  before(async function startThem() {
    this.timeout(WAIT_MS_MAX);
    running = await startServices(kind);
    const first = present(running.services[0], 'a service');
    judge = createResponseJudge(await fetchOpenApi(first.urls.api, trustOf(first.at)));
    use(first);
    upload = `${Array.from({ length: CARDS }, () => JSON.stringify(cardBody())).join('\n')}\n`;
    order = await client.expect<Order>('POST', '/v1/orders', { raw: upload, type: 'application/x-ndjson' });
  });

  after(async function stopThem() {
    await client.close();
    await running.stop();
    process.stdout.write(`      ${kind}: ${openAtKills.join(', ')} lines were open at the kills\n`);
  });

  async function ask(sql: string, ...bindings: readonly unknown[]): Promise<readonly Row[]> {
    const database = await openDatabase(service.at);
    try {
      return await database.all(sql, ...bindings);
    } finally {
      await database.close();
    }
  }

  async function settledNow(): Promise<number> {
    const [row] = await ask('select count(*) as settled from order_lines');
    return Number(row?.settled);
  }

  /** The node that works on the order, and its run, which has the lease. null: there is none. */
  async function findHolder(asked: typeof ask): Promise<Holder | null> {
    const [row] = await asked(
      'select run, publication_url as url from leases join runs on run = holder where name = ? and held_until > 0',
      `order/${order.id}`,
    );
    const node = running.services.find(({ urls }) => urls.publication === row?.url);
    return node === undefined ? null : { node, run: String(row?.run) };
  }

  /**
   * Sends SIGSTOP to the node that works on the order. The test has the write lock before, so that
   * the node has lines that are prepared and not reserved.
   */
  async function stopHolder({ all }: RawDatabase): Promise<Holder> {
    for (;;) {
      await all(`select pg_advisory_lock(${WRITE_LOCK})`);
      try {
        const holder = await findHolder(all);
        if (holder !== null) {
          await sleep(PREPARE_MS);
          process.kill(holder.node.pid(), 'SIGSTOP');
          return holder;
        }
      } finally {
        await all(`select pg_advisory_unlock(${WRITE_LOCK})`);
      }
      await sleep(5);
    }
  }

  async function kill(victims: readonly Service[]): Promise<void> {
    await Promise.all(victims.map((victim) => victim.killService()));
    openAtKills.push(CARDS - (await settledNow()));
  }

  if (KILLS[kind] > 0)
    it('goes on after each kill of a service', async function killThem() {
      this.timeout(WAIT_MS_MAX);
      for (let left = KILLS[kind]; left > 0; left -= 1) {
        // Kills are spread over the lines that are open, so that none comes after the end.
        const settled = await settledNow();
        assert.ok(settled < CARDS, `the order is settled before the last ${left} kills`);
        const share = settled + 1 + Math.floor(((CARDS - settled) * random()) / (left + 1));
        while ((await settledNow()) < share) await sleep(5);
        await sleep(random() * MOMENT_MS);
        // A node that lived on would end the order while the others start.
        await kill(running.services);
        await Promise.all(running.services.map((one) => one.start()));
      }
    });

  if (kind === 'postgresql')
    it('gets nothing reserved by a node that was stopped for longer than its lease', async function stopOne() {
      this.timeout(WAIT_MS_MAX);
      const database = await openDatabase(service.at);
      const reserved = async (): Promise<readonly Row[]> =>
        database.all("select id, run, status from certificates where account_id = 'card-management' order by id");
      const { length } = await reserved();
      while ((await reserved()).length === length) await sleep(1);
      const pids = running.services.map(({ pid }) => pid());
      const { node: stopped, run } = await stopHolder(database);
      const other = present(
        running.services.find((one) => one !== stopped),
        'the other node',
      );
      /** Waits while a node is stopped. The test writes the heartbeats, so that no run is ended. */
      const wait = async (holds: () => Promise<boolean>): Promise<void> => {
        while (!(await holds())) {
          await database.all(
            'update runs set seen_at = (1000 * extract(epoch from clock_timestamp()))::bigint where ended_at is null',
          );
          await sleep(5);
        }
      };
      const lossesOf = ({ said }: Service): number =>
        said()
          .split('\n')
          .filter((line) => line.includes('"event":"job.lease-lost"') && line.includes(`"item":"${order.id}"`)).length;
      const losses = lossesOf(stopped);
      try {
        await wait(async () => (await findHolder(database.all))?.node === other);
        // The other node has the lease until the end of this test, and leaves all lines that wait.
        process.kill(other.pid(), 'SIGSTOP');
        await database.all(
          'update leases set held_until = held_until + ? where name = ?',
          LEASE_MS,
          `order/${order.id}`,
        );
        const before = await reserved();
        assert.ok(before.length < 2 * CARDS, 'no line waits');
        process.kill(stopped.pid(), 'SIGCONT');
        const byStopped = (all: readonly Row[]) => all.filter((row) => row.run === run);
        // What it had reserved before is its own to finish.
        await wait(async () => lossesOf(stopped) > losses && !byStopped(await reserved()).some(isOpen));
        const idsOf = (all: readonly Row[]) => byStopped(all).map(({ id }) => id);
        assert.deepEqual(idsOf(await reserved()), idsOf(before));
        await kill([stopped]);
      } finally {
        for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGCONT');
        await database.close();
      }
      await client.close();
      use(other);
    });

  it('ends with one outcome for each card', async function waitForEnd() {
    this.timeout(WAIT_MS_MAX);
    const end = performance.now() + WAIT_MS_MAX / 2;
    for (;;) {
      order = await client.expect<Order>('GET', `/v1/orders/${order.id}`);
      if (order.state === 'finished') break;
      assert.ok(performance.now() < end, JSON.stringify(order));
      await sleep(100);
    }
    const { issued, notIssued } = order.counts;
    assert.deepEqual([order.lines, issued, notIssued], [CARDS, CARDS, 0]);
  });

  it('was under way at one of the kills', () => {
    assert.ok(
      openAtKills.some((open) => open > 0 && open < CARDS),
      openAtKills.join(),
    );
  });

  it('has rows that its counts agree with, and no claim of a line', async () => {
    rows = await ask('select line, outcome, result from order_lines order by line');
    assert.deepEqual(
      rows.map(({ line, outcome }) => [Number(line), outcome]),
      Array.from({ length: CARDS }, (_, index) => [index + 1, 'issued']),
    );
    assert.deepEqual(await ask("select key from idempotency where route like 'order/%'"), []);
  });

  it('has certificates that can be downloaded, with the hashes of the results', async function download() {
    this.timeout(WAIT_MS_MAX);
    results = await client.expect('GET', `/v1/orders/${order.id}/results?include=certificates`);
    assert.equal(results.length, CARDS);
    for (const { certificates } of results)
      for (const { certificate, sha256 } of certificates)
        assert.equal(sha256Hex(Buffer.from(certificate, 'base64')), sha256);
  });

  it('has every certificate of the account in exactly one line, and no serial number twice', async () => {
    const named = results.flatMap(({ certificates }) => certificates.map(({ id }) => id));
    const signed = await ask(
      "select id from certificates where account_id = 'card-management' and signature is not null",
    );
    assert.equal(named.length, 2 * CARDS);
    assert.deepEqual(named.sort(), signed.map(({ id }) => String(id)).sort());
    const twice = await ask('select serial from certificates group by issuer, serial having count(*) > 1');
    assert.deepEqual(twice, []);
  });

  it('has a receipt over the upload and the results, which OpenSSL verifies', async () => {
    const path = `/v1/orders/${order.id}/receipt`;
    await until('the receipt is signed', async () => (await client.call('GET', path)).status === 200);
    const shown = await client.expect<ShownReceipt>('GET', path);
    assert.equal(await judgeReceipt(shown, await publishedPlatformKey(service)), 'Verified OK');
    const { counts, requestSha256, resultsSha256 } = JSON.parse(shown.receipt) as Receipt;
    assert.deepEqual(
      [counts.issued, requestSha256, resultsSha256],
      [CARDS, sha256Hex(upload), sha256Hex(rows.map(({ result }) => `${result}\n`).join(''))],
    );
  });

  it('leaves an intact audit chain', async () => {
    const { status, stderr } = await runPfcng(service.at, 'audit', 'verify', '--json');
    assert.equal(status, 0, stderr);
  });
});
