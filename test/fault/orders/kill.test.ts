/**
 * kill -9 of a service while it works on an order, at moments that come from a printed seed
 * (PFCNG_FAULT_SEED repeats them). Each card has one outcome, and each certificate stands in the
 * outcome of one line. PFCNG_FAULT_ORDER_CARDS is the number of cards; there is a kill for every
 * 250 of them.
 */
import assert from 'node:assert/strict';
import { createHash, randomInt, X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOnEach } from '../../support/db/fixture.js';
import { type Client, clientOf, fetchOpenApi, type IssuedCertificate, trustOf } from '../../support/service/client.js';
import { openDatabase } from '../../support/service/database.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { cardBody } from '../../support/service/orders.js';
import { createResponseJudge } from '../../support/service/schema.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';
import { seededRandom } from '../storm.js';

const CARDS = Number(process.env.PFCNG_FAULT_ORDER_CARDS ?? 160);
const KILLS = Math.max(2, Math.floor(CARDS / 250));
const SEED = Number(process.env.PFCNG_FAULT_SEED ?? randomInt(2 ** 31));
const WAIT_MS_MAX = 20 * 60_000;
/** After a start, so long at most until the next kill, in addition to the share of the lines. */
const MOMENT_MS = 200;

type Order = {
  readonly id: string;
  readonly state: string;
  readonly lines: number;
  readonly counts: Readonly<Record<string, number>>;
};

type Result = {
  readonly line: number;
  readonly outcome: string;
  readonly certificates?: readonly { readonly id: string; readonly serialNumber: string; readonly sha256: string }[];
};

describeOnEach(
  `an order of ${CARDS} cards and ${KILLS} kills of the service (PFCNG_FAULT_SEED=${SEED})`,
  ({ kind }) => {
    const random = seededRandom(SEED);
    let at: ServiceHome;
    let service: Service;
    let client: Client;
    let order: Order;
    let results: readonly Result[];
    /** How many lines had no outcome at each kill. */
    const openAtKills: number[] = [];

    before(async function startIt() {
      this.timeout(WAIT_MS_MAX);
      at = await makeServiceHome('p-256', { database: kind });
      service = createService(at);
      await service.start();
      const judge = createResponseJudge(await fetchOpenApi(service.urls.api, trustOf(at)));
      client = clientOf(service, 'card-management', { judge });
      const raw = `${Array.from({ length: CARDS }, () => JSON.stringify(cardBody())).join('\n')}\n`;
      order = await client.expect<Order>('POST', '/v1/orders', { raw, type: 'application/x-ndjson' });
    });

    after(async function stopIt() {
      await client.close();
      await service.stop();
      removeServiceHome(at);
      process.stdout.write(`      ${kind}: ${openAtKills.join(', ')} lines were open at the kills\n`);
    });

    const settledNow = async (): Promise<number> => {
      const database = await openDatabase(at);
      const [row] = await database.all('select count(*) as settled from order_lines');
      await database.close();
      return Number(row?.settled);
    };

    it('ends with one outcome for each card', async function killAndWait() {
      this.timeout(WAIT_MS_MAX);
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Kills are spread over the lines, so that none comes after the end.
        const share = Math.floor((CARDS * (kill + random() * 0.5)) / (KILLS + 1));
        while ((await settledNow()) < share) await sleep(5);
        await sleep(random() * MOMENT_MS);
        await service.killService();
        openAtKills.push(CARDS - (await settledNow()));
        await service.start();
      }
      const until = performance.now() + WAIT_MS_MAX / 2;
      for (;;) {
        order = await client.expect<Order>('GET', `/v1/orders/${order.id}`);
        if (order.state === 'finished') break;
        assert.ok(performance.now() < until, JSON.stringify(order));
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
      const database = await openDatabase(at);
      const rows = await database.all('select line, outcome, result from order_lines order by line');
      const claims = await database.all("select key from idempotency where route like 'order/%'");
      await database.close();
      results = rows.map(({ line, outcome, result }) => ({
        ...(JSON.parse(String(result)) as Omit<Result, 'outcome'>),
        line: Number(line),
        outcome: String(outcome),
      }));
      assert.deepEqual(
        results.map(({ line }) => line),
        Array.from({ length: CARDS }, (_, index) => index + 1),
      );
      assert.ok(results.every(({ outcome }) => outcome === 'issued'));
      assert.deepEqual(claims, []);
    });

    it('has every certificate of the account in exactly one line, and no serial number twice', async () => {
      const named = results.flatMap(({ certificates = [] }) => certificates);
      const database = await openDatabase(at);
      const signed = await database.all(
        "select id, serial from certificates where account_id = 'card-management' and signature is not null",
      );
      const twice = await database.all('select serial from certificates group by issuer, serial having count(*) > 1');
      await database.close();
      assert.deepEqual(twice, []);
      assert.equal(named.length, 2 * CARDS);
      assert.deepEqual(named.map(({ id }) => id).sort(), signed.map(({ id }) => String(id)).sort());
    });

    it('has certificates that can be downloaded, with the hashes of the results', async function download() {
      this.timeout(WAIT_MS_MAX);
      const named = results.flatMap(({ certificates = [] }) => certificates);
      // A large order has a sample.
      for (const { id, sha256, serialNumber } of named.filter(
        (_, index) => index % Math.ceil(named.length / 40) === 0,
      )) {
        const shown = await client.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);
        const der = new X509Certificate(shown.certificate).raw;
        assert.deepEqual([shown.serialNumber, createHash('sha256').update(der).digest('hex')], [serialNumber, sha256]);
      }
    });

    it('leaves an intact audit chain', async () => {
      const { status, stderr } = await runPfcng(at, 'audit', 'verify', '--json');
      assert.equal(status, 0, stderr);
    });
  },
);
