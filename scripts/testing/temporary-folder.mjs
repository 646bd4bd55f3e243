import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';
const FREE_BYTES_MIN = 4 * 1024 ** 3;

/**
 * The folder for temporary files of the tests: in memory where the system has such a folder with
 * enough space, because creating and removing small files on a disk takes five times the processor
 * time. Tests kill processes, never the machine, so nothing has to outlive a power cut.
 * @param {NodeJS.ProcessEnv} env of the tests; `TMPDIR` is used as it is given
 * @param {string} [inMemory]
 * @returns {string}
 */
export function temporaryFolder(env, inMemory = IN_MEMORY) {
  if (env.TMPDIR !== undefined) return env.TMPDIR;
  // An installation needs gigabytes, and devices.
  const isSmall = Number(env.PFCNG_INSTALLATIONS ?? 0) === 0;
  return isSmall && hasRoom(inMemory) && canExecute(inMemory) ? inMemory : tmpdir();
}

/** @param {string} folder */
function hasRoom(folder) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= FREE_BYTES_MIN;
}

/**
 * Tests compile libraries and load them, which a container may forbid in this folder (`noexec`).
 * @param {string} folder a mount point
 */
function canExecute(folder) {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const options = mounts.findLast(([, place]) => place === folder)?.[3]?.split(',') ?? ['noexec'];
  return !options.includes('noexec');
}
