/**
 * A database goes back in time: a backup is restored, or a standby without the last transactions
 * takes over under a running service. Relying parties get the statuses that they had before, and no
 * revoked certificate is good at any moment.
 */
import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WRITE_LOCK } from '../../src/db/engine/advisory-locks.js';
import { sharedCluster } from '../support/db/postgresql-cluster.js';
import { rawDatabase } from '../support/db/raw.js';
import { type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { openDatabase } from '../support/service/database.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../support/service/files.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { bodyOf } from '../support/service/orders.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { createResponderProcess } from '../support/status/responder-process.js';
import { until } from '../support/until.js';

const CA = 'aci-el-org';
/**
 * The poller runs every few tenths of a second, so the replacement of the database may be noticed
 * this late.
 */
const POLL_MS_MAX = 1_000;
const LEARNT_MS_MAX = 300_000;

describe('a database that goes back', () => {
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  let officer: Client;
  let party: RelyingParty;
  /** Cleaned up after each test. */
  const ends: (() => Promise<void> | void)[] = [];

  async function startOn(database: 'sqlite' | 'postgresql'): Promise<void> {
    at = await makeServiceHome('p-256', { database });
    service = createService(at);
    await service.start();
    cards = clientOf(service, 'card-management');
    officer = clientOf(service, 'officer-1');
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
  }
  afterEach(async function stopIt() {
    for (const end of ends.splice(0)) await end();
    await cards.close();
    await officer.close();
    await service.stop();
    party.remove();
    removeServiceHome(at);
  });

  const issue = () =>
    cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
  const revoke = ({ id }: IssuedCertificate) =>
    cards.expect<IssuedCertificate>('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
  const suspend = ({ id }: IssuedCertificate) =>
    cards.expect<IssuedCertificate>('POST', `/v1/certificates/${id}/suspension`);
  const publish = () => officer.expect('POST', `/v1/cas/${CA}/crl`);
  async function askedOf(by: RelyingParty, issued: IssuedCertificate, ...options: readonly string[]): Promise<string> {
    const { output } = await by.ocsp(writeIssued(by, issued), CA, ...options);
    return /\.pem: (\w+)/.exec(output)?.[1] ?? /Responder Error: (\w+)/.exec(output)?.[1] ?? output;
  }

  it('says after a start on a backup what the published list says, and can release what was suspended', async function onSqlite() {
    await startOn('sqlite');
    const [revoked, suspended, good] = [await issue(), await issue(), await issue()];
    await service.stop();
    assert.ok(at.database.kind === 'sqlite');
    const { file } = at.database;
    copyFileSync(file, `${file}.backup`);
    await service.start();
    const unknown = await issue();
    await revoke(revoked);
    await suspend(suspended);
    await revoke(unknown);
    await publish();
    await service.stop();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    copyFileSync(`${file}.backup`, file);

    await assert.rejects(service.start(), /the database knows less than others do/);
    const accept = (...officers: readonly string[]) => runPfcng(at, 'database', 'accept', '--officers', ...officers);
    for (const officers of [['officer-1'], ['officer-1', 'officer-1'], ['officer-1', 'auditor']])
      assert.equal((await accept(...officers)).status, 1, officers.join());
    await assert.rejects(service.start(), /the database knows less than others do/);
    const accepted = await accept('officer-1', 'officer-2');
    assert.equal(accepted.status, 0, accepted.stderr);
    // The certificate that only the signer knows, and the entries that only the home folder knows.
    assert.match(accepted.stdout, new RegExp(`certificate 0*${unknown.serialNumber} of ${CA}`));
    assert.match(accepted.stdout, /the home folder knows entry \d+ of the audit log/);
    await service.start();
    const audited = await auditedTypes(at);
    assert.ok(audited.includes('database.accepted'), audited.join());
    const statuses = async () =>
      Promise.all([revoked, suspended, unknown, good].map((one) => askedOf(party, one, '-no_nonce')));
    assert.deepEqual(await statuses(), ['revoked', 'revoked', 'revoked', 'good']);
    assert.match(service.said(), /crl\.revocations-relearned/);
    await publish();
    await party.fetchCrl(CA);
    for (const one of [revoked, suspended, unknown]) {
      const { status, output } = await party.verify(writeIssued(party, one), CA);
      assert.notEqual(status, 0);
      assert.match(output, /certificate revoked/);
    }
    await cards.expect('DELETE', `/v1/certificates/${suspended.id}/suspension`);
    assert.deepEqual(await statuses(), ['revoked', 'good', 'revoked', 'good']);
  });

  it('is not believed under a running service before it has learnt from the lists', async function onPostgresql() {
    await startOn('postgresql');
    const responder = await createResponderProcess(at);
    await responder.start();
    const beside = createRelyingParty(responder.urls.publication);
    ends.push(responder.stop, beside.remove);
    await beside.fetchAll();
    const [revoked, good] = [await issue(), await issue()];
    assert.ok(at.database.kind === 'postgresql');
    const cluster = await sharedCluster();
    const { database } = at.database;
    const ask = (sql: string) => cluster.ask(sql, database);
    const tables = (await ask(`select tablename as name from pg_tables where schemaname = 'public'`)).map(
      ({ name }) => name,
    );
    await ask('create schema saved');
    for (const table of tables) await ask(`create table saved.${table} as table public.${table}`);
    await revoke(revoked);
    await publish();
    assert.equal(await askedOf(party, revoked), 'revoked');
    // Both pollers have run since, also on a busy machine: a lost change that they had not seen
    // cannot be noticed (ops/decisions/0026, Price).
    await until('the responder has polled', async () => (await askedOf(beside, revoked)) === 'revoked');
    await sleep(4 * POLL_MS_MAX);
    // At once, as a failover does, and without the guards of the tables.
    const back = tables.flatMap((table) => [
      `delete from public.${table}`,
      `insert into public.${table} select * from saved.${table}`,
    ]);
    const locking = await rawDatabase(at.database);
    ends.push(locking.close);
    await locking.all('begin');
    await locking.all(`select pg_advisory_xact_lock(${WRITE_LOCK})`);
    await ask(['begin', 'set local session_replication_role = replica', ...back, 'commit'].join('; '));
    const answers = async (forMs: number, by = party): Promise<ReadonlySet<string>> => {
      const said = new Set<string>();
      for (const end = performance.now() + forMs; performance.now() < end; ) said.add(await askedOf(by, revoked));
      return said;
    };
    for (const by of [party, beside])
      await until('the loss is noticed', async () => (await askedOf(by, revoked)) === 'trylater');
    assert.deepEqual([...(await answers(POLL_MS_MAX))], ['trylater'], 'while it cannot learn');
    assert.deepEqual([...(await answers(POLL_MS_MAX, beside))], ['trylater'], 'a responder that has no lists');
    await locking.all('rollback');
    await sleep(POLL_MS_MAX);
    assert.deepEqual([...(await answers(POLL_MS_MAX))], ['trylater'], 'while officers have not accepted it');
    const refused = await cards.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
    assert.equal(refused.status, 503);
    const accepted = await runPfcng(at, 'database', 'accept', '--officers', 'officer-1', 'officer-2');
    assert.equal(accepted.status, 0, accepted.stderr);
    // `revoked` is answered as soon as it is in the database; `good` is withheld until everything
    // has been learnt.
    for (const by of [party, beside]) {
      const said = new Set<string>();
      for (const end = performance.now() + LEARNT_MS_MAX; performance.now() < end; await sleep(100)) {
        said.add(await askedOf(by, revoked));
        if ((await askedOf(by, good)) === 'good') break;
      }
      assert.equal(said.has('good'), false);
      assert.equal(await askedOf(by, revoked), 'revoked');
      assert.equal(await askedOf(by, good), 'good');
    }
    const [row] = await ask(`select status from certificates where id = '${revoked.id}'`);
    assert.equal(row?.status, 'revoked');

    // A failure after the database was opened ends the process, and its supervision starts it
    // again.
    await service.stop();
    configure(at, { ocsp: { signAhead: { 'acr-el': 1 } } });
    await assert.rejects(service.start(), /the service ended with 1:[\s\S]*ocsp\/signAhead/);
  });
});

async function auditedTypes(at: ServiceHome): Promise<readonly string[]> {
  const database = await openDatabase(at);
  const rows = await database.all('select bytes from audit_entries order by seq');
  await database.close();
  return rows.map(({ bytes }) => (JSON.parse(String(bytes)) as { readonly type: string }).type);
}
