/**
 * The disk of a PostgreSQL server, with its tables and its write-ahead log, is full while a service
 * uses it. Without these checks, the service stayed `ready` although nothing was issued, because
 * its heartbeat still fitted into a page.
 */
import assert from 'node:assert/strict';
import { type Cluster, createCluster } from '../support/db/postgresql-cluster.js';
import { canMakeDisks, type SmallDisk } from '../support/machine/small-disk.js';
import { type Answer, type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { bodyOf } from '../support/service/orders.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import { assertPromisesKept, assertRecordsWhole, createLedger } from './ledger.js';
import { type RetryingClients, retryingClients } from './retrying-clients.js';
import { acknowledged } from './storm.js';

const AT_ONCE = 8;
const DISK_MB = 128;
const SETTINGS = { min_wal_size: '32MB', max_wal_size: '48MB', shared_buffers: '16MB', max_connections: 50 };
/** Longer than all segments of the write-ahead log that may exist. */
const WAL_SQL = `select pg_logical_emit_message(false, 'noise', repeat('x', 100000000))`;
/** Several heartbeats. */
const HEARTBEATS_SECONDS = 12;
const DEADLINE_MS = 60_000;
const FULL = /^(down: )?the disk of the server is full \(53100\): free space there$/;

type LogLine = { readonly event: string; readonly detail?: string };

// Only root can make a small disk; for other users these tests are skipped.
const describeOnDisk = canMakeDisks ? describe : () => {};
describeOnDisk('a PostgreSQL server whose disk is full', function onDisk(this: Mocha.Suite) {
  this.timeout(6 * DEADLINE_MS);
  const ledger = createLedger();
  let cluster: Cluster;
  let disk: SmallDisk;
  let at: ServiceHome;
  let service: Service;
  let client: Client;
  let clients: RetryingClients;
  let party: RelyingParty;
  let pid: number;
  let live: IssuedCertificate;
  let revoked: IssuedCertificate;

  before(async () => {
    cluster = await createCluster(SETTINGS, {}, { diskMb: DISK_MB });
    assert.ok(cluster.disk);
    disk = cluster.disk;
    at = await makeServiceHome('p-256', { database: await cluster.create() });
    service = createService(at);
    await service.start();
    pid = service.pid();
    client = clientOf(service, 'card-management', { connectionsMax: AT_ONCE });
    clients = retryingClients(at, { client, ledger, atOnce: AT_ONCE });
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    const [first] = (await clients.ask()).flatMap(acknowledged);
    assert.ok(first);
    live = first;
    revoked = await client.expect('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
    await client.expect('POST', `/v1/certificates/${revoked.id}/revocation`, { body: { reason: 'superseded' } });
  });
  after(async () => {
    await client.close();
    await service.stop();
    party.remove();
    removeServiceHome(at);
    await cluster.remove();
  });

  async function untilRefused(): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    await until('all requests are refused', async () => {
      const now = (await clients.ask()).map(({ answer }) => answer);
      for (const answer of now) {
        assert.ok(answer, 'no connection breaks');
        assert.ok(answer.status === 201 || answer.status === 503, JSON.stringify(answer));
      }
      answers.push(...now.flatMap((answer) => (answer?.status === 503 ? [answer] : [])));
      return now.every((answer) => answer?.status === 503);
    });
    return answers;
  }
  /** With a nonce, so that no cached response is sent. */
  async function statusOf(one: IssuedCertificate): Promise<string> {
    const { output } = await party.ocsp(party.write('asked.pem', one.certificate), one.ca);
    return /\.pem: (\w+)/.exec(output)?.[1] ?? /Responder Error: (\w+)/.exec(output)?.[1] ?? output;
  }
  async function cachedStatusOf(one: IssuedCertificate): Promise<string> {
    return (await party.ocsp(party.write('asked.pem', one.certificate), one.ca, '-no_nonce')).output;
  }
  async function databasePart(): Promise<string> {
    const answer = await fetch(`${service.urls.operators}/readyz`);
    const { state, parts } = (await answer.json()) as {
      readonly state: string;
      readonly parts: { readonly database: string };
    };
    assert.equal(answer.status, state === 'down' ? 503 : 200);
    return parts.database;
  }
  const logged = (): readonly LogLine[] =>
    service
      .said()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);

  const alarms = () => logged().filter(({ detail }) => FULL.test(detail ?? ''));
  /** Seconds since the last heartbeat that counted. */
  async function writeAgeSeconds(): Promise<number> {
    const metrics = await (await fetch(`${service.urls.operators}/metrics`)).text();
    return Number(/^pfcng_database_write_age_seconds (\S+)$/m.exec(metrics)?.[1]);
  }

  it('refuses requests with the time to come back, and goes on giving statuses', async () => {
    disk.fill();
    for (const { headers, body } of await untilRefused()) {
      const { code, detail } = body as { readonly code: string; readonly detail: string };
      assert.deepEqual([code, headers['retry-after']], ['database-unavailable', '30']);
      assert.match(detail, /Idempotency-Key.*Retry-After/);
    }
    assert.deepEqual(await client.expect('GET', `/v1/certificates/${live.id}`), live);
    assert.equal(await statusOf(revoked), 'revoked');
    assert.equal(await statusOf(live), 'good');
  });

  it('is named with its remedy by /readyz, the doctor and, once, the log', async () => {
    await until('/readyz names it', async () => FULL.test(await databasePart()));
    await until('the log names it', async () => alarms().length > 0);
    await until('heartbeats do not count', async () => (await writeAgeSeconds()) > HEARTBEATS_SECONDS);
    await untilRefused();
    assert.match(await databasePart(), FULL);
    assert.deepEqual(
      alarms().map(({ event }) => event),
      ['database.not-written'],
    );
    const { status, stdout } = await runPfcng(at, 'doctor', '--json');
    assert.equal(status, 1);
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly { readonly [member: string]: string }[] };
    assert.ok(
      checks.some(
        ({ state, detail, whatToDo }) =>
          state === 'fault' && /the disk of the server is full/.test(detail ?? '') && whatToDo,
      ),
    );
  });

  it('ends when its log cannot be written; the service answers what it knows, and says so', async () => {
    await assert.rejects(cluster.ask(WAL_SQL));
    await until('the server has ended', async () => cluster.processId() === null);
    await untilRefused();
    assert.match(await cachedStatusOf(revoked), /: revoked|trylater/);
    assert.match(await statusOf(live), /^(good|trylater)$/);
    await until('/readyz says so', async () => /cannot be reached/.test(await databasePart()));
  });

  it('with space and started again, it has everything that was acknowledged, and the service goes on without a restart', async () => {
    disk.empty();
    await cluster.start();
    await clients.allAreGranted();
    await until('/readyz says so', async () => (await databasePart()) === 'ready');
    await until('the log says so', async () => logged().some(({ event }) => event === 'database.written'));
    assert.equal(service.tree()[0]?.pid, pid, 'the service was not started again');
    assert.equal(await statusOf(revoked), 'revoked');
    assert.equal(await statusOf(live), 'good');
    await assertPromisesKept(ledger, client);
    await assertRecordsWhole(at);
  });
});
