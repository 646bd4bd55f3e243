/**
 * Two restores from two home folders into one PostgreSQL database. Without its lock, the second one
 * would end the programs of the first one and drop what it has put back.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
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
import { createPreparedService, runPfcng, serviceEnvironment } from '../../support/service/service.js';

describe('two restores into one PostgreSQL database', () => {
  let first: ServiceHome;
  let second: ServiceHome;
  let left: string;
  let backup: TestBackup;

  before(async function makeBackup() {
    first = await makeServiceHome('p-256', { database: 'postgresql' });
    await createPreparedService(first);
    backup = await backUp(first, join(first.folder, 'backup.tar'));
    left = keepWhatIsLeft(first);
    first = await emptied(first, left);
    second = { ...(await copyServiceHome(first)), database: first.database };
    configure(second, {});
  });
  after(() => {
    rmSync(left, { recursive: true, force: true });
    for (const at of [first, second]) removeServiceHome(at);
  });

  it('exclude each other, so that the database of the first is complete', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'restore', '-'], {
      env: serviceEnvironment(first),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    try {
      let said = '';
      await new Promise<void>((resolve, reject) => {
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (said.includes('reading the backup')) resolve();
        });
        child.once('close', () => reject(new Error(said)));
      });
      const refused = await runPfcng(second, 'restore', backup.file);
      assert.equal(refused.status, 1, refused.stdout);
      assert.match(refused.stderr, /another restore into it is running \(process \d+ of its server\)/);
      createReadStream(backup.file).pipe(child.stdin);
      assert.equal(await ended, 0, said);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    const late = await runPfcng(second, 'restore', backup.file);
    assert.equal(late.status, 1, late.stdout);
    assert.match(late.stderr, /is not empty: a restore replaces nothing/);
    const verified = await runPfcng(first, 'audit', 'verify', '--json');
    assert.equal((JSON.parse(verified.stdout) as { readonly verified: boolean }).verified, true, verified.stderr);
  });
});
