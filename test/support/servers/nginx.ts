/**
 * A real nginx of a test or the bench, in the foreground, with a folder of its own, on a port of
 * its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, freePort } from '../machine/ports.js';

export type Nginx = {
  readonly port: number;
  /** Its own, which its workers may read. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
};

const START_MS_MAX = 30_000;

/** `server`: lines of the one server block, which knows the folder; called once it is there. */
export async function startNginx(server: (folder: string) => readonly string[], tls = false): Promise<Nginx> {
  const port = await freePort();
  return runNginx(port, (folder) => [
    // As Debian has it.
    'access_log off;',
    'sendfile on;',
    'tcp_nopush on;',
    'types { application/pkix-crl crl; }',
    `server { listen 127.0.0.1:${port}${tls ? ' ssl' : ''};`,
    ...server(folder),
    '}',
  ]);
}

/** `http`: lines of its context `http`, with a server that listens on the port. */
export async function runNginx(
  port: number,
  http: (folder: string) => readonly string[],
  main: readonly string[] = [],
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-nginx-'));
  // Started by root, its worker is somebody else.
  chmodSync(folder, 0o755);
  const lines = [
    'daemon off;',
    'worker_processes 1;',
    ...main,
    `pid ${join(folder, 'pid')};`,
    'error_log stderr;',
    'events { worker_connections 1024; }',
    'http {',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${join(folder, one)};`),
    ...http(folder),
    '}',
  ];
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, `${lines.join('\n')}\n`);
  const program = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((one) => join(one, 'nginx'))
    .find(existsSync);
  if (program === undefined) throw new Error('nginx is nowhere: npm test and npm run bench install it');
  const child = spawn(program, ['-e', 'stderr', '-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const until = performance.now() + START_MS_MAX;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`nginx did not start: ${said}`);
    await sleep(20);
  }
  return {
    port,
    folder,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
