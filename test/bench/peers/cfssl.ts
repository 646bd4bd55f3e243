/**
 * A peer: cfssl's `serve` signs with a key in a file, keeps no database and asks nobody who they
 * are.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { freePort } from '../../support/machine/ports.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { CONNECTIONS } from '../issuance.js';

const POLL_MS = 50;
const POLLS_MAX = 100;

/** Certificates a second, P-256, plain HTTP; or why it was not measured. */
export async function measureCfssl(seconds: number): Promise<number | string> {
  const folder = await temporaryFolder('pfcng-cfssl-');
  const [key, certificate] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
  try {
    execFileSync('cfssl', ['version'], { stdio: 'ignore' });
  } catch {
    return 'cfssl is not installed (Debian: golang-cfssl)';
  }
  const subject = ['-subj', '/CN=bench', '-days', '2', '-addext', 'basicConstraints=critical,CA:TRUE'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  execFileSync('openssl', ['req', '-x509', ...newKey, '-out', certificate, ...subject], { stdio: 'ignore' });
  const port = await freePort();
  const child = spawn(
    'cfssl',
    ['serve', '-loglevel', '5', '-address', '127.0.0.1', '-port', String(port), '-ca', certificate, '-ca-key', key],
    { cwd: folder, stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  try {
    const body = JSON.stringify({ certificate_request: makeCsr(makeKey()) });
    const url = `http://127.0.0.1:${port}/api/v1/cfssl/sign`;
    if (!(await answers(url, body))) return 'cfssl serve did not sign';
    const script = join(folder, 'sign.lua');
    writeFileSync(script, luaOf(body));
    const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url];
    const said = execFileSync('wrk', args, { encoding: 'utf8' });
    if (/Non-2xx|Socket errors/.test(said)) return `cfssl serve failed under load: ${said.replaceAll('\n', ' ')}`;
    return Number(/Requests\/sec: +([\d.]+)/.exec(said)?.[1] ?? 0);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

async function answers(url: string, body: string): Promise<boolean> {
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    try {
      const answer = await fetch(url, { method: 'POST', body });
      return answer.status === 200 && (await answer.text()).includes('BEGIN CERTIFICATE');
    } catch {
      // It does not listen yet.
      await sleep(POLL_MS);
    }
  }
  return false;
}

function luaOf(body: string): string {
  return [
    'wrk.method = "POST"',
    'wrk.headers["Content-Type"] = "application/json"',
    // JSON's escapes of a PEM, backslash and quote, are Lua's too.
    `wrk.body = ${JSON.stringify(body)}`,
  ].join('\n');
}
