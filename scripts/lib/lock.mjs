import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say } from './say.mjs';

const POLL_MS = 250;
const HEARTBEAT_MS = 5_000;
const STALE_AFTER_MS = 60_000;

/**
 * Runs `work` while holding a lock that other starts of the same checkout respect.
 *
 * The lock is a folder with one file in it, named after its holder. Both moves are single renames,
 * so neither can be won twice: taking renames a prepared folder into place (it fails on a folder
 * that is not empty); taking over from a holder that died renames *that holder's* file to ours,
 * which only one waiter can do.
 * @template Value
 * @param {{ path: string, what: string }} lock
 * @param {() => Promise<Value>} work
 * @returns {Promise<Value>}
 */
export async function withLock({ path, what }, work) {
  const holder = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const mine = join(path, holder);
  for (let said = false; !take(path, holder) && !takeOver(path, mine); ) {
    if (!said) say(`another command is busy with ${what}: waiting for it`);
    said = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const heartbeat = setInterval(() => touch(mine), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(mine, { force: true });
    quietly(() => rmdirSync(path));
  }
}

/** @param {string} path @param {string} holder */
function take(path, holder) {
  const prepared = `${path}.${holder}`;
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(prepared);
  writeFileSync(join(prepared, holder), '');
  if (quietly(() => renameSync(prepared, path))) return true;
  rmSync(prepared, { recursive: true, force: true });
  return false;
}

/** @param {string} path @param {string} mine */
function takeOver(path, mine) {
  let names = /** @type {string[]} */ ([]);
  quietly(() => {
    names = readdirSync(path);
  });
  const holder = names[0];
  if (holder === undefined || !isStale(join(path, holder), Number.parseInt(holder, 10))) return false;
  if (!quietly(() => renameSync(join(path, holder), mine))) return false;
  touch(mine);
  return true;
}

/** @param {string} file @param {number} pid */
function isStale(file, pid) {
  if (pid === process.pid) return true;
  let ageMs = 0;
  quietly(() => {
    ageMs = Date.now() - statSync(file).mtimeMs;
  });
  return ageMs > STALE_AFTER_MS || !isAlive(pid);
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  quietly(() => utimesSync(file, now, now));
}

/**
 * For calls that another process may have overtaken.
 * @param {() => void} act
 * @returns {boolean} whether it went through
 */
function quietly(act) {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
