/** A peer: cfssl's `ocspserve` gives out answers that somebody has signed before. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { freePorts } from '../../support/machine/ports.js';
import type { Answers } from '../ocsp.js';

const POLL_MS = 50;
const POLLS_MAX = 100;

/** Measures cfssl serving our own responses. A string says why it was not measured. */
export async function measureOcspserve(
  answers: readonly Buffer[],
  load: (url: string) => Answers,
): Promise<Answers | string> {
  try {
    execFileSync('cfssl', ['version'], { stdio: 'ignore' });
  } catch {
    return 'cfssl is not installed (Debian: golang-cfssl)';
  }
  const file = join(await temporaryFolder('pfcng-ocspserve-'), 'answers.txt');
  writeFileSync(file, answers.map((answer) => `${answer.toString('base64')}\n`).join(''));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const args = ['ocspserve', '-loglevel', '5', '-address', '127.0.0.1', '-port', String(port), '-responses', file];
  const child = spawn('cfssl', [...args, '-path', '/ocsp'], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  try {
    for (let poll = 0; poll < POLLS_MAX; poll += 1) {
      const answer = await fetch(`${url}/ocsp`, { method: 'POST', body: 'x' }).catch(() => null);
      if (answer !== null) return load(url);
      await sleep(POLL_MS);
    }
    return 'cfssl ocspserve did not listen';
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}
