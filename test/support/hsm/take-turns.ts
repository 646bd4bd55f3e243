/**
 * Holds a folder `times` times and notes when: `node take-turns.js FOLDER TIMES LOG`. Each hold
 * writes `in PID` and `out PID`.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../../hsm/exclusive-lock.js';

const [, , folder = '', times = '', log = '', end = ''] = process.argv;
for (let at = 0; at < Number(times); at += 1) {
  const held = await acquireLock(folder, 60_000);
  if (!held.ok) throw new Error(JSON.stringify(held.error));
  appendFileSync(log, `in ${process.pid}\n`);
  await sleep(3);
  if (end === 'killed') process.kill(process.pid, 'SIGKILL');
  appendFileSync(log, `out ${process.pid}\n`);
  held.value.release();
}
