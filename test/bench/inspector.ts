/**
 * CPU profiles of another process's JavaScript thread, taken over its inspector for exactly as
 * long as is wanted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'undici';
import type { CpuProfile } from './attribution.js';
import { atOriginalPlaces } from './original-places.js';

export type ProfileSession = { readonly stop: () => Promise<CpuProfile> };

const INTERVAL_US = 200;
const WAIT_MS = 50;
const WAITS_MAX = 100;

/** Node listens on 127.0.0.1:9229 once it has got SIGUSR1. */
export async function profileBySignal(pid: number): Promise<ProfileSession> {
  process.kill(pid, 'SIGUSR1');
  return profileAt(9229);
}

/** Profiles the process whose inspector listens on the port. */
async function profileAt(port: number): Promise<ProfileSession> {
  const socket = new WebSocket(await addressAt(port));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the inspector takes no connection')));
  });
  const answers = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    const { id, result } = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  let last = 0;
  const call = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      last += 1;
      answers.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await call('Profiler.start');
  return {
    async stop() {
      const { profile } = (await call('Profiler.stop')) as { readonly profile: CpuProfile };
      // Closed from within, so that the next process may have the port.
      await call('Runtime.evaluate', { expression: 'setTimeout(() => process._debugEnd(), 50)' });
      socket.close();
      return atOriginalPlaces(profile);
    },
  };
}

async function addressAt(port: number): Promise<string> {
  for (let wait = 0; wait < WAITS_MAX; wait += 1) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch {
      // Not yet.
    }
    await sleep(WAIT_MS);
  }
  throw new Error(`no inspector on port ${port}`);
}
