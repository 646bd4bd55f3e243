/**
 * `pfcng backup` beside a running service. Without these, a backup could mix two states of the
 * database, lack a file, contain a key, or be readable by nobody.
 */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BackupManifest } from '../../../src/backup/manifest.js';
import { readLastBackup } from '../../../src/compose/backup/state.js';
import { homePaths } from '../../../src/config/paths.js';
import type { DatabaseOptions } from '../../../src/db/open.js';
import { present } from '../../../src/kernel/assert.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { makeRecipient, type Recipient } from '../../support/backup/recipients.js';
import { cardPath } from '../../support/cards/card-routes.js';
import { sharedCluster } from '../../support/db/postgresql-cluster.js';
import { rawDatabase } from '../../support/db/raw.js';
import { runProgram } from '../../support/machine/programs.js';
import { describeService, type RunningService } from '../../support/service/describe-service.js';
import { PROGRAM, type ServiceHome } from '../../support/service/home.js';
import { judge, openssl } from '../../support/service/judges.js';
import { cardBody, nextNumber } from '../../support/service/orders.js';
import { openPageShell } from '../../support/service/page-shell.js';
import { runPfcng, serviceEnvironment } from '../../support/service/service.js';

describeService('a backup of a running service', { on: 'each' }, (running) => {
  let folder: string;
  let recipients: readonly Recipient[];
  /** The home of the service, with a configuration that names the recipients. */
  let at: ServiceHome;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-backup-'));
    recipients = [
      await makeRecipient(folder, { name: 'officer-1', form: 'rsa' }),
      await makeRecipient(folder, { name: 'officer-2', form: 'p-256' }),
    ];
    const { at: served } = running.shared.service;
    at = { ...served, configFile: join(folder, 'config.json') };
    copyFileSync(served.configFile, at.configFile);
  });
  beforeEach(() =>
    nameRecipients(
      at,
      recipients.map(({ certificateFile }) => certificateFile),
    ),
  );
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has one snapshot of the database while certificates are issued, and ops/backup.md says how to make, verify and open it', async () => {
    const shell = await openPageShell({ ...running.shared.service, at });
    const [newKey = '', make = '', verify = '', open = '', ...others] = await shell.blocksOf('ops/backup.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    // OpenSSL asks for the passphrase at a terminal.
    const withKey = await shell.run(newKey.replace('rsa:3072', 'rsa:2048 -noenc'));
    assert.equal(withKey.status, 0, withKey.output);
    nameRecipients(at, [
      join(shell.folder, 'backup-officer-1.pem'),
      present(recipients[1], 'a recipient').certificateFile,
    ]);
    const load = issueUntilStopped(running);
    const made = await shell.run(make.replace('/mnt/backups', shell.folder));
    const issued = await load.stop();
    assert.equal(made.status, 0, made.output);
    assert.match(made.output, /backup written and verified/);
    assert.ok(issued > 0);
    const written = readdirSync(shell.folder).find((name) => /^pfcng-\d{8}T\d{6}Z\.cms$/.test(name)) ?? assert.fail();
    renameSync(join(shell.folder, written), join(shell.folder, 'backup.cms'));
    const sha256 = sha256Hex(readFileSync(join(shell.folder, 'backup.cms')));
    assert.equal(readLastBackup(homePaths(at.home).lastBackup)?.sha256, sha256);
    assert.match(made.output, new RegExp(sha256));
    const verified = await shell.run(verify);
    assert.equal(verified.status, 0, verified.output);
    const opened = await shell.run(open);
    assert.equal(opened.status, 0, opened.output);
    const unpacked = shell.folder;
    const manifest = JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8')) as BackupManifest;
    const database = await rebuilt(unpacked, manifest);
    const raw = await rawDatabase(database);
    try {
      for (const [table, rows] of Object.entries(manifest.database.rows)) {
        const [row] = await raw.all(`select count(*) as count from ${table}`);
        assert.equal(row?.count, rows, table);
      }
      const [entries] = await raw.all('select count(*) as count, max(seq) as last from audit_entries');
      assert.deepEqual([entries?.count, entries?.last], [manifest.audit.seq, manifest.audit.seq]);
      const [id] = await raw.all(`select value from meta where key = 'mark:database-id'`);
      assert.equal(id?.value, manifest.installation);
    } finally {
      await raw.close();
      await shell.close();
    }
  });

  it('has every journal, list, certificate and transcript, and no key, PIN or token', async () => {
    const file = join(folder, 'parts.cms');
    const { status, stderr } = await runPfcng(at, 'backup', '--output', file);
    assert.equal(status, 0, stderr);
    const unpacked = await unpackByHand(folder, { file, recipient: present(recipients[0], 'a recipient') });
    const { parts } = JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8')) as BackupManifest;
    const names = parts.map(({ name }) => name);
    const paths = homePaths(at.home);
    const expected = [
      'home/environment.json',
      'home/node.json',
      'home/database.json',
      'configuration/pfcng.json',
      'policies/environments/development.json',
      ...readdirSync(paths.authorities).map((name) => `home/authorities/${name}`),
      ...readdirSync(paths.crl).flatMap((name) => (name.startsWith('.') ? [] : [`home/crl/${name}`])),
      ...readdirSync(paths.signers).map((token) => `home/signers/${token}/journal.000001.ndjson`),
      ...readdirSync(paths.ceremony).map((ceremony) => `home/ceremony/${ceremony}/transcript.ndjson`),
      'home/ceremony/fort/root-shares/1/set.json',
      ...readdirSync(join(at.home, 'requests')).map((name) => `home/requests/${name}`),
    ];
    assert.deepEqual(
      expected.filter((name) => !names.includes(name)),
      [],
    );
    const secret = /token|pin|secret|credential|share(?!s\/\d\/(set|changing|in-force)\.json$)|\.key|lock|\.sock/;
    assert.deepEqual(
      names.filter((name) => name.startsWith('home/') && secret.test(name)),
      [],
    );
    const keyWords = parts.filter(({ name }) => !name.startsWith('database/') && hasPrivateKey(join(unpacked, name)));
    assert.deepEqual(keyWords, []);
    for (const name of names.filter((one) => one.endsWith('.ndjson'))) {
      assert.match(readFileSync(join(unpacked, name), 'utf8'), /^$|\n$/, name);
    }
  });

  it('is verified by the key of a recipient, and refused in words if it is damaged, cut off, or for others', async () => {
    const file = join(folder, 'verified.cms');
    assert.equal((await runPfcng(at, 'backup', '--output', file)).status, 0);
    const { keyFile } = present(recipients[0], 'a recipient');
    const verify = (path: string, key: string) => runPfcng(at, 'backup', 'verify', path, '--key', key);
    const right = await verify(file, keyFile);
    assert.deepEqual([right.status, right.stderr], [0, '']);
    assert.match(right.stdout, /complete and intact/);
    const locked = join(folder, 'locked.key');
    const words = `pkey -in ${keyFile} -aes256 -passout pass:sesame -out ${locked}`;
    assert.equal((await openssl(...words.split(' '))).status, 0);
    const opened = await pfcngWithInput(at, 'sesame\n', 'backup', 'verify', file, '--key', locked);
    assert.equal(opened.status, 0, opened.stderr.toString());
    const closed = await pfcngWithInput(at, 'wrong\n', 'backup', 'verify', file, '--key', locked);
    assert.match(closed.stderr.toString(), /with this passphrase/);
    const octets = readFileSync(file);
    const spoiled = join(folder, 'spoiled.cms');
    const refusals = {
      'it ends too early': octets.subarray(0, octets.length - 600),
      damaged: Buffer.from(octets).fill(
        octets[octets.length >> 1] === 0 ? 1 : 0,
        octets.length >> 1,
        (octets.length >> 1) + 1,
      ),
    };
    for (const [words, content] of Object.entries(refusals)) {
      writeFileSync(spoiled, content);
      const { status, stderr } = await verify(spoiled, keyFile);
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(words));
    }
    const stranger = await makeRecipient(folder, { name: 'stranger', form: 'p-384' });
    assert.match((await verify(file, stranger.keyFile)).stderr, /not encrypted for this key/);
    assert.match((await runPfcng(at, 'backup', 'verify', file)).stderr, /--key/);
    assert.match((await verify(join(folder, 'absent'), keyFile)).stderr, /cannot be read \(ENOENT\)/);
  });

  it('is not written over a file, without recipients, or in plain text without a typed confirmation', async () => {
    const file = join(folder, 'plain.tar');
    const plain = (input: string) => pfcngWithInput(at, input, 'backup', '--plain', '--output', file);
    const refused = await plain('yes\n');
    assert.deepEqual([refused.status, existsSync(file)], [1, false]);
    const written = await plain('unencrypted\n');
    assert.equal(written.status, 0, written.stderr.toString());
    assert.equal((await judge('tar', ['-tf', file])).status, 0);
    assert.equal((await runPfcng(at, 'backup', 'verify', file)).status, 0);
    assert.match((await runPfcng(at, 'backup', '--output', file)).stderr, /already exists/);
    const without = await runPfcng(running.shared.service.at, 'backup', '--output', join(folder, 'none.cms'));
    assert.match(without.stderr, /backup\.recipients/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('is refused in words, and leaves nothing, if the tools of the database are missing or its output has no room', async () => {
    const file = join(folder, 'refused.cms');
    const { status, stderr } = await runProgram({
      program: process.execPath,
      args: [PROGRAM, 'backup', '--output', '/dev/full/backup.cms'],
      env: serviceEnvironment(at),
    });
    assert.equal(status, 1);
    assert.match(stderr.toString(), /the backup was not made, and nothing is left of it/);
    if (running.kind === 'sqlite') return;
    const without = await runProgram({
      program: process.execPath,
      args: [PROGRAM, 'backup', '--output', file],
      env: { ...serviceEnvironment(at), PATH: folder },
    });
    assert.equal(without.status, 1);
    assert.match(without.stderr.toString(), /pg_dump cannot be started/);
    assert.equal(existsSync(file), false);
  });

  it('has a name by the time without --output, and --keep then removes the oldest with such a name and nothing else', async () => {
    const nights = mkdtempSync(join(folder, 'nights-'));
    const mark = 'development';
    const old = ['20260101T000000Z.cms', '20260102T000000Z.cms', '20260103T000000Z.tar'].map(
      (name) => `pfcng-${mark}-${name}`,
    );
    const others = ['pfcng-production-20260101T000000Z.cms', `pfcng-${mark}-20260101T000000Z.cms.part`, 'a.cms'];
    for (const name of [...old, ...others]) writeFileSync(join(nights, name), '');
    const made = await runProgram({
      program: 'env',
      args: ['-C', nights, process.execPath, PROGRAM, 'backup', '--keep', '2', '--json'],
      env: serviceEnvironment(at),
    });
    assert.equal(made.status, 0, made.stderr.toString());
    const { file, removed } = JSON.parse(made.stdout.toString()) as {
      readonly file: string;
      readonly removed: unknown;
    };
    assert.deepEqual(removed, old.slice(0, 2));
    assert.deepEqual(readdirSync(nights).sort(), [basename(file), ...old.slice(2), ...others].sort());
    const named = await runPfcng(at, 'backup', '--keep', '2', '--output', join(folder, 'kept.cms'));
    assert.match(named.stderr, /leave --output out/);
    assert.match((await runPfcng(at, 'backup', '--keep', '0')).stderr, /a number from 1 to 9999/);
  });

  it('is written to standard output for a pipe', async () => {
    const { status, stdout, stderr } = await pfcngWithInput(at, '', 'backup', '--output', '-');
    assert.equal(status, 0, stderr.toString());
    const file = join(folder, 'piped.cms');
    writeFileSync(file, stdout);
    const { keyFile } = present(recipients[1], 'a recipient');
    assert.equal((await runPfcng(at, 'backup', 'verify', file, '--key', keyFile)).status, 0);
  });
});

function pfcngWithInput(at: ServiceHome, input: string, ...args: readonly string[]) {
  return runProgram({ program: process.execPath, args: [PROGRAM, ...args], env: serviceEnvironment(at), input });
}

function nameRecipients({ configFile }: ServiceHome, recipients: readonly string[]): void {
  const configuration = JSON.parse(readFileSync(configFile, 'utf8')) as object;
  writeFileSync(configFile, JSON.stringify({ ...configuration, backup: { recipients } }));
}

/** Issues the certificates of one card after the other. */
function issueUntilStopped(running: RunningService) {
  let stopped = false;
  let cards = 0;
  const work = async (): Promise<void> => {
    while (!stopped) {
      const number = nextNumber();
      await running.cards.expect('POST', `${cardPath(number)}/certificates`, { body: cardBody(number) });
      cards += 1;
    }
  };
  const ended = Promise.all([work(), work()]);
  return {
    stop: async (): Promise<number> => {
      stopped = true;
      await ended;
      return cards;
    },
  };
}

/** Uses nothing of ours. Returns the folder with the parts. */
async function unpackByHand(
  folder: string,
  { file, recipient }: { readonly file: string; readonly recipient: Recipient },
): Promise<string> {
  const unpacked = mkdtempSync(join(folder, 'unpacked-'));
  const { certificateFile, keyFile } = recipient;
  const { status, output } = await judge('bash', [
    '-ec',
    `cd '${unpacked}'
    openssl cms -decrypt -binary -inform DER -in '${file}' -recip '${certificateFile}' -inkey '${keyFile}' -out backup.tar
    tar -xf backup.tar
    for first in $(find . -name '*.piece-000001'); do cat "\${first%.piece-000001}".piece-* > "\${first%.piece-000001}"; done`,
  ]);
  assert.equal(status, 0, output);
  return unpacked;
}

/** By pg_restore alone, or by nothing: a SQLite database is its file. */
async function rebuilt(unpacked: string, manifest: BackupManifest): Promise<DatabaseOptions> {
  if (manifest.database.kind === 'sqlite') return { kind: 'sqlite', file: join(unpacked, 'database', 'pfcng.sqlite') };
  const database = await (await sharedCluster()).create();
  const { host, port, user, password } = database;
  const { status, stderr } = await runProgram({
    program: 'pg_restore',
    args: [
      '--no-owner',
      '--exit-on-error',
      '--single-transaction',
      `--dbname=${database.database}`,
      join(unpacked, 'database', 'pfcng.dump'),
    ],
    env: { PATH: process.env.PATH, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password?.() ?? '' },
  });
  assert.equal(status, 0, stderr.toString());
  return database;
}

function hasPrivateKey(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'latin1').includes('PRIVATE KEY');
}
