/**
 * Loaded before the program of a test (`node --import`): the process kills itself before the call
 * with this number, after the question mark of this module's address, of those that change files or
 * start programs.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const last = Number(new URL(import.meta.url).search.slice(1));
let calls = 0;

function count(): void {
  calls += 1;
  if (calls === last) process.kill(process.pid, 'SIGKILL');
}

const { openSync, renameSync, rmSync, chmodSync } = fs;
const { spawnSync } = childProcess;

fs.openSync = (path, flags, mode) => {
  if (flags === 'w') count();
  return openSync(path, flags, mode);
};
fs.renameSync = (from, to) => {
  count();
  renameSync(from, to);
};
fs.rmSync = (path, options) => {
  count();
  rmSync(path, options);
};
fs.chmodSync = (path, mode) => {
  count();
  chmodSync(path, mode);
};
childProcess.spawnSync = ((...given: Parameters<typeof spawnSync>) => {
  count();
  return spawnSync(...given);
}) as typeof spawnSync;
syncBuiltinESMExports();
