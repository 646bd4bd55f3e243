/**
 * `p11-kit server`: a SoftHSM token behind a Unix socket, so that the HSM is a process that can be
 * killed.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { softhsmConfigurationFile } from '../../../hsm/configuration.js';
import { isAlive, SOFTHSM_MODULE } from './signers.js';

const CLIENTS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/opt/homebrew/lib',
].map((folder) => join(folder, 'pkcs11/p11-kit-client.so'));
const START_MS_MAX = 300_000;

/** The client module of the server; null: it is not installed. */
export function p11KitClient(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, 'p11-kit')))) return null;
  return CLIENTS.find((path) => existsSync(path)) ?? null;
}

export type P11KitServer = {
  /** kill -9 of the server and of the processes that it forked for its clients. */
  kill(): Promise<void>;
};

export async function startP11KitServer(given: {
  readonly socket: string;
  readonly softhsmDirectory: string;
  readonly tokenLabel: string;
}): Promise<P11KitServer> {
  rmSync(given.socket, { force: true });
  const args = [
    '--provider',
    SOFTHSM_MODULE,
    '--foreground',
    '--name',
    given.socket,
    `pkcs11:token=${given.tokenLabel}`,
  ];
  // It has its own process group, because the server forks.
  const child = spawn('p11-kit', ['server', ...args], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, SOFTHSM2_CONF: softhsmConfigurationFile(given.softhsmDirectory) },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('p11-kit server did not start');
  const startedAt = performance.now();
  while (!existsSync(given.socket)) {
    if (performance.now() - startedAt > START_MS_MAX) throw new Error('p11-kit server made no socket');
    await sleep(10);
  }
  return {
    async kill() {
      if (!isAlive(pid)) return;
      process.kill(-pid, 'SIGKILL');
      while (isAlive(pid)) await sleep(5);
      rmSync(given.socket, { force: true });
    },
  };
}
