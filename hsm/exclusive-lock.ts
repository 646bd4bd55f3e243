/**
 * Locks a folder for one process at a time. Two processes must never have the same
 * SoftHSM token open, or serve the same sockets. The lock is a listening Unix socket: the kernel
 * closes it when the process ends for any reason, so that no process id has to be checked.
 *
 * The sockets are numbered `lock.1`, `lock.2`, ...; the one that accepts connections is the lock. A
 * process that wants the lock checks that no socket accepts connections, binds the next number
 * (bind fails if the path exists, so that one of two processes wins), listens, and then checks once
 * more. A *higher* number means that another process was faster. A *lower* number that accepts
 * connections means that its process had not begun to listen at the first check. In both cases it
 * releases its own socket. If two processes start at once, the one that checks last sees the other,
 * so they never both keep the lock.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../src/kernel/result.js';
import { socketAddress } from './wire/socket-address.js';

export type ExclusiveLock = { release(): void };
export type LockBusy = { readonly kind: 'locked-by-another'; readonly owner: string; readonly waitedMs: number };

const LAST_OWNER_FILE = 'lock.json';
const RETRY_MS = 25;

/**
 * Waits at most `waitMsMax` for the lock of `folder`. The lock lasts until it is released or this
 * process ends.
 */
export async function acquireLock(folder: string, waitMsMax: number): Promise<Result<ExclusiveLock, LockBusy>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const startedAt = performance.now();
  for (;;) {
    const taken = await tryLock(folder);
    if (taken) return ok(taken);
    const waitedMs = Math.round(performance.now() - startedAt);
    if (waitedMs >= waitMsMax) return err({ kind: 'locked-by-another', owner: lastOwner(folder).pid, waitedMs });
    // Processes usually wait for different times, so that two processes that each released the lock
    // for the other do not collide again.
    await sleep(RETRY_MS + (process.pid % RETRY_MS));
  }
}

async function tryLock(folder: string): Promise<ExclusiveLock | null> {
  const before = numbersIn(folder);
  for (const number of before) if (await hasListener(pathOf(folder, number))) return null;
  // No number is used twice, even when all sockets were removed: closing a socket removes its path,
  // and a late release must not remove the path of another lock.
  const mine = Math.max(lastOwner(folder).number, ...before) + 1;
  const server = await listen(pathOf(folder, mine));
  if (!server) return null;
  for (const number of numbersIn(folder)) {
    if (number === mine) continue;
    if (number > mine || (await hasListener(pathOf(folder, number)))) {
      server.close();
      return null;
    }
  }
  // If this process was paused between bind and listen, another process may have found its socket
  // dead and removed the path. Then no process would find this socket, so that it is not a lock,
  // even if the other process has released the lock since.
  if (!existsSync(pathOf(folder, mine))) {
    server.close();
    return null;
  }
  for (const number of before) removeQuietly(pathOf(folder, number));
  writeFileSync(join(folder, LAST_OWNER_FILE), JSON.stringify({ pid: process.pid, number: mine }), { mode: 0o600 });
  return { release: () => server.close() };
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    // The handler stays after `listen`, so that a connection that cannot be accepted does not end
    // the process.
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    // Without `exclusive`, a process of node:cluster would listen through its first process.
    server.listen({ path: socketAddress(path), exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Whether a process listens on the socket. A full backlog (EAGAIN) shows that one does. */
function hasListener(path: string): Promise<boolean> {
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
    // Another process has removed the path already.
  }
}

/**
 * Returns the last process that had the lock, and the number of its socket, from `lock.json`. The
 * process id is only for messages.
 */
function lastOwner(folder: string): { readonly pid: string; readonly number: number } {
  try {
    const last: unknown = JSON.parse(readFileSync(join(folder, LAST_OWNER_FILE), 'utf8'));
    if (typeof last === 'object' && last && 'pid' in last && 'number' in last && Number.isSafeInteger(last.number)) {
      return { pid: String(last.pid), number: Number(last.number) };
    }
  } catch {
    // There is no file, or a power cut damaged it. After a power cut no process has the lock.
  }
  return { pid: 'unknown', number: 0 };
}
