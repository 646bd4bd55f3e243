/**
 * A restore whose sources contradict each other, and processes that run beside it. Without these, a
 * list that lags behind could suspend a good certificate, an older journal could let a signer use a
 * number again, and a service could answer from half a database.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '../../../hsm/exclusive-lock.js';
import { loadPolicyFor } from '../../../src/compose/home.js';
import { startResponder } from '../../../src/compose/responder.js';
import type { RestoreReport } from '../../../src/compose/restore/report.js';
import { loadConfig } from '../../../src/config/load.js';
import { unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { runProgram } from '../../support/machine/programs.js';
import { backUp, type TestBackup } from '../../support/restore/backup-file.js';
import { CA, emptied, keepWhatIsLeft, withClients } from '../../support/restore/disaster.js';
import type { Client, IssuedCertificate } from '../../support/service/client.js';
import { makeServiceHome, PROGRAM, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, runPfcng, serviceEnvironment } from '../../support/service/service.js';

const PROFILE = 'elementaire/org-auth-cli';

/** A user that no machine has, and the arguments of `setpriv` before a script that it runs. */
const OTHER = 64_903;
const AS_OTHER = [`--reuid=${OTHER}`, `--regid=${OTHER}`, '--clear-groups', process.execPath] as const;
/** Only root can become another user, who must be able to read the checkout. */
const canBecomeOther =
  process.geteuid?.() === 0 && spawnSync('setpriv', [...AS_OTHER, '--check', PROGRAM]).status === 0;
const itAsOther = canBecomeOther ? it : () => {};

describe('a restore with contradicting sources', () => {
  let first: ServiceHome;
  let left: string;
  let at: ServiceHome;
  /** A backup of the time before everything below. */
  let old: TestBackup;
  /** Its database is that of `old`, and its lists and journals are the newest. */
  let withNewestLists: TestBackup;
  /** In the old database, suspended on the lists that lag behind, released on the newest ones. */
  let released: string;
  /** In the old database, revoked on the newest lists only. */
  let revoked: string;
  /** Issued after the old database; suspended and released as the other one. */
  let late: string;
  const lagging = (): string => join(first.folder, 'lagging');

  before(async function makeSources() {
    first = await makeServiceHome('p-256');
    const service = createService(first);
    await service.start();
    const [held, ended] = await withClients(service, async ({ cards }) => [await issue(cards), await issue(cards)]);
    await service.stop();
    assert.ok(first.database.kind === 'sqlite' && held !== undefined && ended !== undefined);
    const file = join(first.folder, 'old.sqlite');
    cpSync(first.database.file, file);
    old = await backUp(first, join(first.folder, 'old.tar'));
    await service.start();
    await withClients(service, async ({ cards, officer }) => {
      const after = await issue(cards);
      for (const { id } of [held, after]) await cards.expect('POST', `/v1/certificates/${id}/suspension`);
      await officer.expect('POST', `/v1/cas/${CA}/crl`);
      cpSync(join(first.home, 'crl'), lagging(), { recursive: true });
      for (const { id } of [held, after]) await cards.expect('DELETE', `/v1/certificates/${id}/suspension`);
      await cards.expect('POST', `/v1/certificates/${ended.id}/revocation`, { body: { reason: 'superseded' } });
      await officer.expect('POST', `/v1/cas/${CA}/crl`);
      [released, revoked, late] = [held.serialNumber, ended.serialNumber, after.serialNumber];
    });
    await service.stop();
    withNewestLists = await backUp({ ...first, database: { kind: 'sqlite', file } }, join(first.folder, 'lists.tar'));
    left = keepWhatIsLeft(first);
  });
  beforeEach(async () => {
    at = await emptied(first, left);
  });
  after(() => {
    if (left !== undefined) rmSync(left, { recursive: true, force: true });
    removeServiceHome(first);
  });

  function issue(cards: Client): Promise<IssuedCertificate> {
    return cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(PROFILE) });
  }

  async function restored(backup: TestBackup, ...options: readonly string[]): Promise<RestoreReport> {
    const done = await runPfcng(at, 'restore', backup.file, '--json', ...options);
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(done.stdout) as RestoreReport;
  }

  /** undefined: the database does not know the certificate. */
  async function statusOf(serial: string): Promise<unknown> {
    const raw = await rawDatabase(at.database);
    const [row] = await raw.all('select status from certificates where issuer = ? and serial = ?', CA, serial);
    await raw.close();
    return row?.status;
  }

  it('learns no suspension from a list that lags behind a newer one', async () => {
    rmSync(join(at.home, 'signers'), { recursive: true });
    await restored(old, '--accept-older', old.manifestSha256, '--lists', lagging());
    assert.deepEqual(
      { released: await statusOf(released), revoked: await statusOf(revoked), late: await statusOf(late) },
      { released: 'issued', revoked: 'revoked', late: undefined },
    );
  });

  it('keeps what the newest list has released, if the list in the home folder lags behind it', async () => {
    const newest = join(at.folder, 'newest');
    renameSync(join(at.home, 'crl'), newest);
    cpSync(lagging(), join(at.home, 'crl'), { recursive: true });
    await restored(old, '--accept-older', old.manifestSha256, '--lists', newest);
    // The service reads the list in its home folder before it makes the next one.
    const service = createService(at);
    await service.start();
    await withClients(service, ({ officer }) => officer.expect('POST', `/v1/cas/${CA}/crl`));
    await service.stop();
    assert.deepEqual(
      { released: await statusOf(released), revoked: await statusOf(revoked), late: await statusOf(late) },
      { released: 'issued', revoked: 'revoked', late: 'issued' },
    );
  });

  it('learns from the lists of the backup, which may be newer than its database', async () => {
    for (const name of ['signers', 'crl']) rmSync(join(at.home, name), { recursive: true });
    const report = await restored(withNewestLists);
    assert.equal(await statusOf(revoked), 'revoked');
    assert.equal(report.lists.find(({ isOfBackup }) => isOfBackup)?.learnt, 1);
    assert.match(JSON.stringify(report.unknowable), /no published CRL could be read/);
    // A list that the database does not know would keep the service from starting.
    const service = createService(at);
    await service.start();
    await service.stop();
  });

  const journalAt = (): string => join(at.home, 'signers', 'ca-elementaire', 'journal.000001.ndjson');

  it('refuses an older copy of a journal that the backup has', async () => {
    const lines = readFileSync(journalAt(), 'utf8').trimEnd().split('\n');
    writeFileSync(journalAt(), `${lines.slice(0, -1).join('\n')}\n`);
    const refused = await runPfcng(
      at,
      'restore',
      withNewestLists.file,
      '--accept-older',
      withNewestLists.manifestSha256,
    );
    assert.equal(refused.status, 1, refused.stdout);
    assert.match(refused.stderr, /ca-elementaire is an older copy of the journal in the backup: move this folder away/);
    rmSync(join(at.home, 'signers', 'ca-elementaire'), { recursive: true });
    await restored(withNewestLists, '--accept-older', withNewestLists.manifestSha256);
    assert.deepEqual(readFileSync(journalAt(), 'utf8').trimEnd().split('\n'), lines);
  });

  it('learns from both journals, and reports it, where one does not continue the other', async () => {
    const lines = readFileSync(journalAt(), 'utf8').trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '{}') as object;
    const other = JSON.stringify({ ...last, at: '2026-01-01T00:00:00Z' });
    writeFileSync(journalAt(), `${[...lines.slice(0, -1), other].join('\n')}\n`);
    const report = await restored(withNewestLists, '--accept-older', withNewestLists.manifestSha256);
    assert.deepEqual(
      report.journals.filter(({ token }) => token === 'ca-elementaire').map(({ from }) => from),
      ['home', 'backup'],
    );
    assert.match(JSON.stringify(report.toDo), /ca-elementaire: the journal in the home folder does not continue/);
    assert.equal(await statusOf(late), 'issued');
  });

  itAsOther('is refused before the database is filled, if its user cannot write where journals go', async () => {
    const signers = join(at.home, 'signers');
    rmSync(join(signers, 'ca-elementaire'), { recursive: true });
    for (const folder of [at.home, at.folder]) giveTo(OTHER, folder);
    chownSync(signers, 0, 0);
    try {
      const before = readdirSync(at.home).filter((name) => name !== 'run');
      const refused = await restoreAsOther();
      assert.equal(refused.status, 1, refused.stdout.toString());
      assert.match(refused.stderr.toString(), /signers gets files of the backup: this user must own it first/);
      assert.deepEqual(
        readdirSync(at.home).filter((name) => name !== 'run'),
        before,
      );
      assert.ok(at.database.kind === 'sqlite' && !existsSync(at.database.file));
      chownSync(signers, OTHER, OTHER);
      const done = await restoreAsOther();
      assert.equal(done.status, 0, done.stderr.toString());
      assert.ok(existsSync(journalAt()));
    } finally {
      for (const folder of [at.home, at.folder]) giveTo(0, folder);
    }
  });

  function giveTo(user: number, folder: string): void {
    const { status } = spawnSync('chown', ['-R', `${user}:${user}`, folder]);
    assert.equal(status, 0);
  }

  function restoreAsOther() {
    const args = ['restore', withNewestLists.file, '--accept-older', withNewestLists.manifestSha256];
    // Another user cannot write the files of the coverage.
    const { NODE_V8_COVERAGE: _, ...env } = serviceEnvironment(at);
    return runProgram({ program: 'setpriv', args: [...AS_OTHER, PROGRAM, ...args], env });
  }

  it('is refused in words if environment.json of the home folder is damaged', async () => {
    writeFileSync(join(at.home, 'environment.json'), '{"mark');
    const refused = await runPfcng(at, 'restore', old.file);
    assert.equal(refused.status, 1, refused.stdout);
    assert.match(refused.stderr, /environment\.json cannot be read, or is damaged: move it away, the backup has it/);
    assert.doesNotMatch(refused.stderr, /\n\s+at /);
  });

  it('is refused while a process serves from the home folder, and none starts meanwhile', async () => {
    const lock = unwrap(await acquireLock(join(at.home, 'run', 'worker'), 0));
    const refused = await runPfcng(at, 'restore', old.file);
    lock.release();
    assert.equal(refused.status, 1, refused.stdout);
    assert.match(refused.stderr, /is served by process \d+ \(lock worker\): stop it first/);
    const child = spawn(process.execPath, [PROGRAM, 'restore', '-'], {
      env: serviceEnvironment(at),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    try {
      await new Promise<void>((resolve, reject) => {
        child.stderr.setEncoding('utf8').on('data', (said: string) => said.includes('reading the backup') && resolve());
        child.once('close', () => reject(new Error('the restore has ended')));
      });
      for (const name of ['api', 'worker', 'console', 'responder-0', 'restore']) {
        const taken = await acquireLock(join(at.home, 'run', name), 0);
        assert.ok(!taken.ok, name);
      }
    } finally {
      child.stdin.end();
      await ended;
    }
  });

  it('keeps a process from starting that has loaded the home folder before the restore was interrupted', async () => {
    await restored(old, '--accept-older', old.manifestSha256);
    const config = unwrap(loadConfig({ home: at.home }));
    const home = { config, policy: unwrap(loadPolicyFor(config)) };
    mkdirSync(join(at.home, 'restore'));
    writeFileSync(join(at.home, 'restore', 'placing.json'), '{}');
    const started = await startResponder(home, 0);
    if (started.ok) await started.value.stop();
    assert.ok(!started.ok);
    assert.match(started.error, /a restore into .* was interrupted/);
  });
});
