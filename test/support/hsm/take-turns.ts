/**
 * Locks a folder `times` times: `node take-turns.js FOLDER TIMES LOG`. Each time it writes `in PID`
 * and `out PID` to the log.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../../hsm/exclusive-lock.js';

const [, , folder = '', times = '', log = '', end = ''] = process.argv;
for (let at = 0; at < Number(times); at += 1) {
  const lock = await acquireLock(folder, 60_000);
  if (!lock.ok) throw new Error(JSON.stringify(lock.error));
  appendFileSync(log, `in ${process.pid}\n`);
  await sleep(3);
  if (end === 'killed') process.kill(process.pid, 'SIGKILL');
  appendFileSync(log, `out ${process.pid}\n`);
  lock.value.release();
}
