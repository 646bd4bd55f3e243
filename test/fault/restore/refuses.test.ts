/**
 * A backup that is damaged or does not belong here, a place that is not empty, a full disk, and a
 * kill at each step of a restore. Nothing is half-restored: the next restore finds the place as
 * empty as before.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupFacts } from '../../../src/backup/manifest.js';
import type { RestoreReport } from '../../../src/compose/restore/report.js';
import { describeOnEach } from '../../support/db/fixture.js';
import { sharedCluster } from '../../support/db/postgresql-cluster.js';
import { rawDatabase } from '../../support/db/raw.js';
import { runProgram } from '../../support/machine/programs.js';
import { canMakeDisks, smallDisk } from '../../support/machine/small-disk.js';
import { backUp, type TestBackup } from '../../support/restore/backup-file.js';
import { emptied, keepWhatIsLeft } from '../../support/restore/disaster.js';
import {
  configure,
  copyServiceHome,
  makeServiceHome,
  PROGRAM,
  removeServiceHome,
  type ServiceHome,
} from '../../support/service/home.js';
import { openssl } from '../../support/service/judges.js';
import { createPreparedService, runPfcng, serviceEnvironment } from '../../support/service/service.js';

/** What the command says when it begins each step, in English. */
const STEPS = [
  'reading the backup',
  'reading published CRLs and journals',
  'putting the database back',
  'verifying the audit log',
  'learning from journals and CRLs',
  'placing the files',
] as const;

/** What a backup of a running service has: its run is live, and was seen just now. */
async function leaveLiveRun({ database }: ServiceHome): Promise<void> {
  const raw = await rawDatabase(database);
  const same = 'node, host, home, roles, version, schema_level, policy_digest, config_digest, clock_offset_ms';
  await raw.all(
    `insert into runs (run, started_at, seen_at, ${same})
      select ?, cast(? as bigint), cast(? as bigint), ${same} from runs limit 1`,
    'ab'.repeat(16),
    Date.now(),
    Date.now(),
  );
  await raw.close();
}

/** Only root can make a disk that is small enough to be filled. */
const itOnDisk = canMakeDisks ? it : () => {};

describeOnEach('a restore', ({ kind }) => {
  let first: ServiceHome;
  let left: string;
  let backup: TestBackup;
  let at: ServiceHome;
  const file = (name: string): string => join(first.folder, name);

  before(async function makeBackup() {
    first = await makeServiceHome('p-256', { database: kind });
    await createPreparedService(first);
    await leaveLiveRun(first);
    backup = await backUp(first, file('backup.tar'));
    left = keepWhatIsLeft(first);
  });
  beforeEach(async () => {
    at = await emptied(first, left);
  });
  after(() => {
    rmSync(left, { recursive: true, force: true });
    removeServiceHome(first);
  });

  async function assertRefused(from: string, words: RegExp, ...options: readonly string[]): Promise<void> {
    const before = namesIn(at.home);
    const refused = await runPfcng(at, 'restore', from, ...options);
    assert.equal(refused.status, 1, refused.stdout);
    assert.match(refused.stderr, words);
    assert.doesNotMatch(refused.stderr, /\n {4}at |ENOENT/);
    assert.deepEqual(namesIn(at.home), before);
    await assertEmptyDatabase();
  }

  /** The folder of locks may be made. */
  const namesIn = (folder: string): readonly string[] =>
    readdirSync(folder)
      .filter((name) => name !== 'run')
      .sort();

  async function assertEmptyDatabase(): Promise<void> {
    if (at.database.kind === 'sqlite') return assert.ok(!existsSync(at.database.file));
    const raw = await rawDatabase(at.database);
    const tables = await raw.all(`select tablename from pg_tables where schemaname = 'public'`);
    await raw.close();
    assert.deepEqual(tables, []);
  }

  async function assertRestores(): Promise<void> {
    const done = await runPfcng(at, 'restore', backup.file);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /Nothing newer than the backup was found/);
    assert.match(done.stdout, /with the same Idempotency-Keys/);
    assert.ok(!existsSync(join(at.home, 'restore')));
    assert.equal(reportOf(at).backup.manifestSha256, backup.manifestSha256);
    assert.equal(await countLiveRuns(), 0, 'a run of the backup would keep this node from starting for 15 s');
    const verified = await runPfcng(at, 'audit', 'verify', '--json');
    assert.equal((JSON.parse(verified.stdout) as { readonly verified: boolean }).verified, true, verified.stderr);
  }

  async function countLiveRuns(): Promise<unknown> {
    const raw = await rawDatabase(at.database);
    const [row] = await raw.all('select count(*) as live from runs where ended_at is null');
    await raw.close();
    return row?.live;
  }

  const reportOf = ({ home }: ServiceHome): RestoreReport =>
    JSON.parse(readFileSync(join(home, 'restore-report.json'), 'utf8')) as RestoreReport;

  it('refuses a file that is truncated, changed by one octet, or no backup', async () => {
    const octets = readFileSync(backup.file);
    for (const length of [0, 700, Math.floor(octets.length / 2), octets.length - 512, octets.length - 1]) {
      writeFileSync(file('truncated'), octets.subarray(0, length));
      await assertRefused(file('truncated'), /not complete|damaged|no backup/);
    }
    for (const place of [1_000, Math.floor(octets.length / 2), octets.length - 3_000]) {
      const changed = Buffer.from(octets);
      changed[place] = (changed[place] ?? 0) ^ 1;
      writeFileSync(file('changed'), changed);
      await assertRefused(file('changed'), /damaged|no backup|not complete/);
    }
    await assertRefused(file('config.json'), /no backup|not complete/);
    await assertRefused(file('missing'), /missing: the file is missing/);
    await assertRestores();
  });

  it('unpacks only what a backup can have, so that a forged file removes and replaces nothing', async () => {
    await assertRestores();
    const record = { manifestSha256: '', database: kind, placed: ['secrets', 'tokens'], mark: null };
    const forged = {
      'placing.json': JSON.stringify(record),
      'lists/addresses/ACI-EL-ORG.crl': 'forged',
      'home/credentials/officer-1/key.pem': 'forged',
      'home/pins/ca-elementaire.pin': 'forged',
      'home/ceremony/elementaire/tokens/forged': 'forged',
      'home/signers/ca-elementaire/journal.json': 'forged',
    };
    for (const [name, content] of Object.entries(forged))
      await backUp(at, file(name.replaceAll('/', '-')), { forged: { [name]: content } });
    at = await emptied(first, left);
    for (const name of Object.keys(forged)) {
      const words = new RegExp(`the part ${name}, which no backup has`);
      await assertRefused(file(name.replaceAll('/', '-')), words);
      await assertRefused(file(name.replaceAll('/', '-')), words, '--files-only', file('none'));
    }
    assert.deepEqual(
      readdirSync(first.folder).filter((name) => name.includes('none')),
      [],
    );
  });

  it('refuses a backup of another environment or version, and a database that is not that of the manifest', async () => {
    const changes: readonly (readonly [string, (facts: BackupFacts) => BackupFacts, RegExp])[] = [
      ['environment', (facts) => ({ ...facts, environment: 'production' }), /of the environment production/],
      [
        'level',
        ({ database, ...facts }) => ({ ...facts, database: { ...database, level: 999 } }),
        /level 999, and this version/,
      ],
      [
        'audit',
        ({ audit, ...facts }) => ({ ...facts, audit: { ...audit, chainHash: 'ab'.repeat(32) } }),
        /audit log of the backup is not the one of its manifest/,
      ],
      [
        'entries',
        ({ audit, ...facts }) => ({ ...facts, audit: { ...audit, seq: audit.seq + 5 } }),
        /audit log of the backup is not the one of its manifest/,
      ],
      [
        'installation',
        (facts) => ({ ...facts, installation: 'f'.repeat(32) }),
        /not the one of its manifest: it has the installation [0-9a-f]{32}, and not f{32}/,
      ],
      [
        'rows',
        ({ database, ...facts }) => ({
          ...facts,
          database: { ...database, rows: { ...database.rows, accounts: 1_000 } },
        }),
        /not the one of its manifest: it has \d+ rows in the table accounts, and not 1000/,
      ],
      [
        'numbers',
        ({ crls, ...facts }) => ({ ...facts, crls: crls.map((one) => ({ ...one, number: one.number + 1 })) }),
        /not the one of its manifest: it has other numbers of CRLs/,
      ],
    ];
    // The backups are made of the first home, whose database is in its place again.
    await assertRestores();
    for (const [name, change] of changes) await backUp(at, file(name), { change });
    for (const [name, , words] of changes) {
      at = await emptied(first, left);
      await assertRefused(file(name), words);
    }
  });

  it('refuses an encrypted backup without a key of one of its recipients', async () => {
    for (const name of ['one', 'other']) await recipient(name);
    await assertRestores();
    const encrypted = await backUp(at, file('encrypted'), { recipients: [readFileSync(file('one.pem'))] });
    const configuration = readFileSync(at.configFile);
    const octets = readFileSync(encrypted.file);
    const place = Math.floor(octets.length / 2);
    octets[place] = (octets[place] ?? 0) ^ 1;
    writeFileSync(file('encrypted-changed'), octets);
    at = await emptied(first, left);
    await assertRefused(encrypted.file, /--key FILE/);
    await assertRefused(encrypted.file, /not encrypted for this key/, '--key', file('other.key'));
    await assertRefused(encrypted.file, /no private key/, '--key', file('other.pem'));
    await assertRefused(file('encrypted-changed'), /damaged|not complete/, '--key', file('one.key'));
    const files = await runPfcng(
      at,
      'restore',
      encrypted.file,
      '--key',
      file('one.key'),
      '--files-only',
      file('files'),
      '--json',
    );
    assert.equal(files.status, 0, files.stderr);
    assert.equal((JSON.parse(files.stdout) as { readonly folder: string }).folder, file('files'));
    assert.deepEqual(readFileSync(file('files/configuration/pfcng.json')), configuration);
    const locking = `pkey -in ${file('one.key')} -aes256 -passout pass:sesame -out ${file('locked.key')}`;
    assert.equal((await openssl(...locking.split(' '))).status, 0);
    await assertRefused('-', /name the file of the backup instead of -/, '--key', file('locked.key'));
    const done = await runProgram({
      program: process.execPath,
      args: [PROGRAM, 'restore', encrypted.file, '--key', file('locked.key')],
      env: serviceEnvironment(at),
      input: 'sesame\n',
    });
    assert.equal(done.status, 0, done.stderr.toString());
  });

  /** A key and its certificate. */
  async function recipient(name: string): Promise<void> {
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)];
    const made = await openssl(
      'req',
      '-x509',
      ...key,
      '-out',
      file(`${name}.pem`),
      '-subj',
      `/CN=${name}`,
      '-days',
      '9',
    );
    assert.equal(made.status, 0, made.output);
  }

  it('refuses a backup of another installation than the one of the home folder', async () => {
    const mark = join(at.home, 'database.json');
    writeFileSync(mark, JSON.stringify({ id: 'f'.repeat(32), seq: 1, chainHash: '0'.repeat(64) }).padEnd(255));
    await assertRefused(backup.file, /of the installation/);
    rmSync(mark);
    await assertRestores();
  });

  it('says that a backup was the newest only if the home folder knows its last entry', async () => {
    const { installation, audit } = backup.facts;
    const mark = JSON.stringify({ id: installation, ...audit }).padEnd(255);
    writeFileSync(join(at.home, 'database.json'), `${mark}\n`);
    const done = await runPfcng(at, 'restore', backup.file);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /The backup was the newest/);
    assert.doesNotMatch(done.stdout, /Idempotency-Keys|were disabled since/);
    assert.equal(reportOf(at).isNewest, true);
  });

  it('replaces empty folders and what a kill has left of new files, and keeps the report of an earlier restore', async () => {
    for (const name of ['authorities', 'ceremony']) mkdirSync(join(at.home, name));
    for (const name of ['database.json.new', 'node.json.new']) writeFileSync(join(at.home, name), '{');
    writeFileSync(join(at.home, 'restore-report.json'), 'an earlier report');
    await assertRestores();
    const reports = readdirSync(at.home).filter((name) => /^restore-report-\d{8}T\d{6}Z\.json$/.test(name));
    assert.deepEqual(
      reports.map((name) => readFileSync(join(at.home, name), 'utf8')),
      ['an earlier report'],
    );
    for (const name of ['authorities', 'ceremony']) assert.ok(readdirSync(join(at.home, name)).length > 0, name);
  });

  it('replaces nothing: no file, no database, and no key that no backup has', async () => {
    mkdirSync(join(at.home, 'authorities'));
    writeFileSync(join(at.home, 'authorities', 'mine.cer'), 'mine');
    await assertRefused(backup.file, /is not empty: authorities/);
    rmSync(join(at.home, 'authorities'), { recursive: true });
    cpSync(join(at.home, 'secrets'), file('secrets'), { recursive: true });
    rmSync(join(at.home, 'secrets', 'audit-tags'), { recursive: true });
    await assertRefused(backup.file, /audit-tags has no usable key/);
    assert.ok(!existsSync(join(at.home, 'secrets', 'audit-tags')));
    cpSync(file('secrets'), join(at.home, 'secrets'), { recursive: true });
    await assertRestores();
    const again = await runPfcng(at, 'restore', backup.file);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /is not empty/);
  });

  itOnDisk('says that the disk is full, and restores when there is space', async () => {
    const disk = smallDisk(at.home, 64);
    try {
      disk.fill();
      await assertRefused(backup.file, /nothing was restored: the disk of .* is full/);
      disk.empty();
      await assertRestores();
    } finally {
      disk.remove();
    }
  });

  for (const [number, step] of STEPS.entries())
    it(`begins again after kill -9 while it is ${step}`, async () => {
      await killAt(step);
      // From the third step on, something may have been put in place.
      const isMarked = existsSync(join(at.home, 'restore', 'placing.json'));
      if (number >= 3) assert.ok(isMarked || existsSync(join(at.home, 'authorities')), 'killed too late');
      if (isMarked) {
        const refused = await runPfcng(at, 'audit', 'verify');
        assert.equal(refused.status, 1);
        assert.match(refused.stderr, /was interrupted|no database/);
        await assertRestores();
      } else if (!existsSync(join(at.home, 'environment.json'))) await assertRestores();
    });

  it('removes no database that somebody has put in the place of the one of an interrupted restore', async () => {
    await assertRestores();
    const newer = await copyServiceHome(at);
    try {
      const disabled = await runPfcng(newer, 'account', 'disable', 'card-management');
      assert.equal(disabled.status, 0, disabled.stderr);
      at = await emptied(first, left);
      await killAt('putting the database back');
      const record = join(at.home, 'restore', 'placing.json');
      assert.ok(existsSync(record), 'killed too late');
      if (at.database.kind === 'sqlite' && newer.database.kind === 'sqlite') {
        cpSync(newer.database.file, at.database.file);
        // As a kill leaves it while files are placed.
        const placing = JSON.parse(readFileSync(record, 'utf8')) as object;
        writeFileSync(record, JSON.stringify({ ...placing, placed: ['pfcng.sqlite'] }));
      } else {
        at = { ...at, database: newer.database };
        configure(at, {});
      }
      const before = await lastEntry(at);
      const refused = await runPfcng(at, 'restore', backup.file);
      assert.equal(refused.status, 1, refused.stdout);
      assert.match(refused.stderr, /is not the database that it has made[\s\S]*move this database away/);
      assert.ok(existsSync(record));
      assert.deepEqual(await lastEntry(at), before);
      if (at.database.kind === 'sqlite')
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${at.database.file}${suffix}`, { force: true });
      else {
        at = { ...at, database: await (await sharedCluster()).create() };
        configure(at, {});
      }
      await assertRestores();
    } finally {
      removeServiceHome(newer);
    }
  });

  async function lastEntry({ database }: ServiceHome): Promise<unknown> {
    const raw = await rawDatabase(database);
    const [row] = await raw.all('select max(seq) as seq, count(*) as entries from audit_entries');
    await raw.close();
    return row;
  }

  async function killAt(step: string): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, 'restore', backup.file], {
      env: serviceEnvironment(at),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes(step)) child.kill('SIGKILL');
    });
    await new Promise<void>((resolve) => child.once('close', () => resolve()));
    assert.ok(said.includes(step), said);
  }
});
