/**
 * Holding something that one process alone may have: a token (two processes must never have the same SoftHSM token open), the
 * supervisor's sockets. The hold is a listening Unix socket: the kernel ends it with the process, however that dies, and nobody
 * has to guess whether a process id is still the one it was.
 *
 * The sockets are numbered, `hold.1`, `hold.2`, ...; the highest that answers is the owner. To take over, bind the next number
 * (bind fails where the path exists, so one of two takers wins), listen, and then look round: a *higher* number there means that
 * somebody overtook us, a *lower* one that answers means that we thought dead who had not begun to listen. In both cases let go.
 * Of any two takers, whoever looks second sees the other, so never do both keep it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../src/kernel/result.js';
import { socketAddress } from './wire/socket-address.js';

export type ExclusiveLock = { release(): void };
export type LockBusy = { readonly kind: 'locked-by-another'; readonly owner: string; readonly waitedMs: number };

const LAST_FILE = 'lock.json';
const RETRY_MS = 25;

/** Waits until nobody holds `folder`, at most `waitMsMax`, and holds it until released or until this process ends. */
export async function acquireLock(folder: string, waitMsMax: number): Promise<Result<ExclusiveLock, LockBusy>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const startedAt = performance.now();
  for (;;) {
    const taken = await takeOver(folder);
    if (taken) return ok(taken);
    const waitedMs = Math.round(performance.now() - startedAt);
    if (waitedMs >= waitMsMax) return err({ kind: 'locked-by-another', owner: lastOf(folder).pid, waitedMs });
    // Not the same time for all who wait: two that let go because of each other shall not meet again.
    await sleep(RETRY_MS + (process.pid % RETRY_MS));
  }
}

async function takeOver(folder: string): Promise<ExclusiveLock | null> {
  const before = numbersIn(folder);
  for (const number of before) if (await answers(pathOf(folder, number))) return null;
  // Never a number twice, even when all sockets are gone: a taker that lets go late removes its own path, nobody else's.
  const mine = Math.max(lastOf(folder).number, ...before) + 1;
  const server = await listen(pathOf(folder, mine));
  if (!server) return null;
  for (const number of numbersIn(folder)) {
    if (number === mine) continue;
    if (number > mine || (await answers(pathOf(folder, number)))) {
      server.close();
      return null;
    }
  }
  // A taker that was stopped between binding and listening looked dead, and its path was removed:
  // the lock may have been held and released since, and a later taker would not find this socket.
  if (!existsSync(pathOf(folder, mine))) {
    server.close();
    return null;
  }
  for (const number of before) removeQuietly(pathOf(folder, number));
  writeFileSync(join(folder, LAST_FILE), JSON.stringify({ pid: process.pid, number: mine }), { mode: 0o600 });
  return { release: () => server.close() };
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(socketAddress(path), () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Whether somebody listens. A full backlog (EAGAIN) is somebody; a path without listener is nobody. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketAddress(path));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

function numbersIn(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = /^lock\.(\d{1,15})$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function pathOf(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another taker removed it first.
  }
}

/** Who wrote last that it holds; the process id is for a message only. */
function lastOf(folder: string): { readonly pid: string; readonly number: number } {
  try {
    const last: unknown = JSON.parse(readFileSync(join(folder, LAST_FILE), 'utf8'));
    if (typeof last === 'object' && last && 'pid' in last && 'number' in last && Number.isSafeInteger(last.number)) {
      return { pid: String(last.pid), number: Number(last.number) };
    }
  } catch {
    // None yet, or torn by a power cut: then no socket is alive either.
  }
  return { pid: 'unknown', number: 0 };
}
