/**
 * The first minutes of a new user, in this checkout: `npm start` makes the development hierarchy,
 * serves and plays the main job; `pfcng play` plays it once more; SIGTERM ends the service. Uses
 * free ports and a temporary home folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT_MS = 8 * 60_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? address?.port : undefined;
}

/** @param {import('node:child_process').ChildProcess} child */
async function codeOf(child) {
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}

const home = mkdtempSync(join(tmpdir(), 'pfcng-played-job-'));
const configFile = join(home, 'pfcng.json');
const listen = {
  api: { port: await freePort() },
  publication: { port: await freePort() },
  operators: { port: await freePort() },
};
const publicAddress = `http://127.0.0.1:${listen.publication.port}`;
writeFileSync(configFile, JSON.stringify({ publicAddress, listen }));
const env = { ...process.env, PFCNG_HOME: join(home, 'var'), PFCNG_CONFIG: configFile };

const service = spawn(process.execPath, ['scripts/start.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const limit = setTimeout(() => service.kill('SIGKILL'), START_LIMIT_MS);
let isServing = false;
for await (const text of service.stdout.setEncoding('utf8')) {
  process.stdout.write(text);
  if (!isServing && text.includes('Serving.')) {
    isServing = true;
    clearTimeout(limit);
    const play = spawn(process.execPath, ['dist/bin/main.js', 'play'], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if ((await codeOf(play)) !== 0) process.exitCode = 1;
    service.kill('SIGTERM');
  }
}
clearTimeout(limit);
const code = service.exitCode ?? service.signalCode ?? (await codeOf(service));
if (!isServing || code !== 0) process.exitCode = 1;
process.stdout.write(`played job: ${process.exitCode === 1 ? `failed, npm start ended with ${code}` : 'done'}\n`);
rmSync(home, { recursive: true, force: true });
