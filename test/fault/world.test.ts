/**
 * The environment of the service fails and recovers during requests: a full disk, a locked or
 * unavailable database, a read-only file system. The answers to refused clients say when to retry,
 * no acknowledged request is lost, and the same service process goes on.
 */
import assert from 'node:assert/strict';
import { describeOnEach } from '../support/db/fixture.js';
import { sharedCluster } from '../support/db/postgresql-cluster.js';
import { rawDatabase } from '../support/db/raw.js';
import { canMakeDisks, type SmallDisk, smallDisk } from '../support/machine/small-disk.js';
import { type Answer, type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import { assertPromisesKept, assertRecordsWhole, createLedger } from './ledger.js';
import { type RetryingClients, retryingClients } from './retrying-clients.js';
import { acknowledged } from './storm.js';

const AT_ONCE = 8;
const DISK_MB = 48;
const DEADLINE_MS = 60_000;

describeOnEach('a world that fails', ({ kind }) => {
  const ledger = createLedger();
  let at: ServiceHome;
  let disk: SmallDisk | null = null;
  let service: Service;
  let client: Client;
  let clients: RetryingClients;
  let party: RelyingParty;
  let pid: number;
  let known: IssuedCertificate;

  before(async function startIt() {
    at = await makeServiceHome('p-256', { database: kind });
    if (canMakeDisks && kind === 'sqlite') disk = smallDisk(at.home, DISK_MB);
    service = createService(at);
    await service.start();
    client = clientOf(service, 'card-management', { connectionsMax: AT_ONCE });
    clients = retryingClients(at, { client, ledger, atOnce: AT_ONCE });
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    const [first] = (await clients.ask()).flatMap(acknowledged);
    assert.ok(first);
    known = first;
    party.write('known.pem', known.certificate);
    assert.match(await statusOfKnown(), /: good/);
    pid = service.pid();
  });
  after(async function stopIt() {
    await client.close();
    await service.stop();
    party.remove();
    disk?.remove();
    removeServiceHome(at);
  });

  const statusOfKnown = async () => (await party.ocsp(party.path('known.pem'), known.ca, '-no_nonce')).output;
  const readyz = async () => (await (await fetch(`${service.urls.operators}/readyz`)).json()) as { state: string };

  function isToldToComeBack({ status, headers, body }: Answer, codes: readonly string[]): boolean {
    const { code } = body as { readonly code?: string };
    return status === 503 && codes.includes(String(code)) && Number(headers['retry-after']) >= 1;
  }
  async function untilRefused(codes: readonly string[]): Promise<void> {
    await until(`a 503 of ${codes.join(' or ')}`, async () => {
      const answers = (await clients.ask()).map(({ answer }) => answer);
      for (const answer of answers) {
        assert.ok(answer, 'no connection breaks');
        const isExpected = answer.status === 201 || isToldToComeBack(answer, codes);
        assert.ok(isExpected, JSON.stringify(answer));
      }
      return answers.some((answer) => answer?.status === 503);
    });
  }

  /** All clients retry with their keys and get their certificates. */
  async function allIsWell(): Promise<void> {
    await clients.allAreGranted();
    await until('ready again', async () => (await readyz()).state === 'ready');
    assert.equal(service.pid(), pid, 'the service was not started anew');
    assert.equal(service.tree()[0]?.pid, pid);
  }

  // Only root can make a small disk; for other users these tests are skipped. The full disk of a
  // PostgreSQL server is in full-server.test.ts.
  if (canMakeDisks && kind === 'sqlite') {
    it('by a full disk refuses, reads on, and goes on when there is room', async function full() {
      this.timeout(4 * DEADLINE_MS);
      disk?.fill();
      // The journals of the signers are on the same disk.
      await untilRefused(['database-unavailable', 'signer-unavailable']);
      assert.deepEqual(await client.expect('GET', `/v1/certificates/${known.id}`), known);
      assert.match(await statusOfKnown(), /: good/);
      disk?.empty();
      await allIsWell();
    });
  }

  if (kind === 'sqlite') {
    it('by a program that keeps the file locked refuses, reads on, and goes on when it lets go', async function locked() {
      this.timeout(4 * DEADLINE_MS);
      const other = await rawDatabase(at.database);
      await other.all('begin immediate');
      await untilRefused(['database-unavailable']);
      assert.deepEqual(await client.expect('GET', `/v1/certificates/${known.id}`), known);
      await until('down, because nothing can be written', async () => (await readyz()).state === 'down');
      await other.all('rollback');
      await other.close();
      await allIsWell();
    });
  } else {
    it('by a server that is stopped under load refuses, gives the status it knows, and goes on when it is back', async function away() {
      this.timeout(4 * DEADLINE_MS);
      const cluster = await sharedCluster();
      const asking = clients.ask();
      await cluster.end('immediate');
      await asking;
      await untilRefused(['database-unavailable']);
      await until('down', async () => (await readyz()).state === 'down');
      assert.match(await statusOfKnown(), /: good/);
      assert.ok(await party.fetchCrl(known.ca));
      await cluster.start();
      await allIsWell();
    });
  }

  it('lost nothing that was acknowledged, and left whole records', async function afterwards() {
    this.timeout(2 * DEADLINE_MS);
    assert.ok(clients.refused.length > 0);
    await assertPromisesKept(ledger, client);
    await assertRecordsWhole(at);
  });

  if (kind === 'sqlite' && canMakeDisks) {
    it('by a disk that cannot be written does not start, says why, and starts when it can', async function readOnly() {
      this.timeout(2 * DEADLINE_MS);
      await service.stop();
      disk?.setReadOnly(true);
      const { status, stderr } = await runPfcng(at, 'start', '--no-play');
      disk?.setReadOnly(false);
      assert.equal(status, 1);
      assert.match(stderr, /read-only|EROFS|cannot be written/i);
      await service.start();
      assert.deepEqual(await client.expect('GET', `/v1/certificates/${known.id}`), known);
    });
  }
});
