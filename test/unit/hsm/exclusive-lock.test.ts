import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { acquireLock } from '../../../hsm/exclusive-lock.js';
import { removeFolder, scriptPath, temporaryFolder } from '../../support/hsm/signers.js';

describe('an exclusive lock', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => removeFolder(folder));

  const takeTurns = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [scriptPath('take-turns'), folder, ...args], { stdio: 'inherit' });
  const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

  it('is refused after the wait, with the process that has it, and given when that releases it', async () => {
    const first = await acquireLock(folder, 0);
    assert(first.ok);
    const second = await acquireLock(folder, 60);
    assert(!second.ok);
    assert.equal(second.error.kind, 'locked-by-another');
    assert.equal(second.error.owner, String(process.pid));
    assert(second.error.waitedMs >= 60);
    first.value.release();
    const third = await acquireLock(folder, 0);
    assert(third.ok);
    third.value.release();
  });

  it('has a new number each time, so that a late release removes no other lock', async () => {
    for (const number of [1, 2, 3]) {
      const lock = await acquireLock(folder, 0);
      assert(lock.ok);
      const sockets = readdirSync(folder).filter((name) => /^lock\.\d+$/.test(name));
      assert.deepEqual(sockets, [`lock.${number}`]);
      lock.value.release();
    }
  });

  it('is released when another process listens or was faster between the first check and the second', async () => {
    const listening = async (name: string): Promise<Server> => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
      return server;
    };
    const become = (name: string): void => renameSync(join(folder, 'other'), join(folder, name));
    const dead = await listening('other');
    become('lock.5');
    await new Promise((resolve) => dead.close(resolve));
    // The first check is over when `acquireLock` has returned its promise: only the second sees
    // this.
    const alive = await listening('other');
    const first = acquireLock(folder, 0);
    become('lock.5');
    assert.equal((await first).ok, false);
    await new Promise((resolve) => alive.close(resolve));
    const second = acquireLock(folder, 0);
    writeFileSync(join(folder, 'lock.9'), '');
    assert.equal((await second).ok, false);
    const third = await acquireLock(folder, 0);
    assert(third.ok);
    third.value.release();
  });

  it('is not taken by a socket whose path another process has removed', async () => {
    const taken = acquireLock(folder, 0);
    const paths = readdirSync(folder).filter((name) => /^lock\.\d+$/.test(name));
    assert.equal(paths.length, 1);
    for (const name of paths) unlinkSync(join(folder, name));
    assert.equal((await taken).ok, false);
  });

  it('works in a folder of any depth, and when the folder was replaced', async () => {
    if (process.platform !== 'linux') return;
    const deep = join(folder, ...Array.from({ length: 8 }, () => 'a-rather-long-folder-name'));
    for (let turn = 0; turn < 2; turn += 1) {
      const first = await acquireLock(deep, 0);
      assert(first.ok);
      assert((await acquireLock(deep, 0)).ok === false);
      first.value.release();
      removeFolder(deep);
    }
  });

  it('never belongs to two of many processes that compete for it', async () => {
    const log = join(folder, 'log');
    await Promise.all(Array.from({ length: 6 }, () => ended(takeTurns('8', log))));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    assert.equal(lines.length, 6 * 8 * 2);
    for (let at = 0; at < lines.length; at += 2) {
      assert.match(lines[at] ?? '', /^in /);
      assert.equal(lines[at + 1], lines[at]?.replace('in', 'out'));
    }
  });

  it('ends at once with a process that is killed', async () => {
    const log = join(folder, 'log');
    await ended(takeTurns('1', log, 'killed'));
    assert.match(readFileSync(log, 'utf8'), /^in \d+\n$/);
    const lock = await acquireLock(folder, 0);
    assert(lock.ok);
    lock.value.release();
  });
});
