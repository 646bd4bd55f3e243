/** `pfcng serve --roles responder`: one process, or several on one address under a first one that replaces those that end. */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadHome } from '../../compose/home.js';
import { startResponder } from '../../compose/responder.js';
import { fail, say } from '../../terminal/say.js';

const WORKERS_MAX = 32;
/** One that cannot start is not started in a hurry. */
const AGAIN_MS = 2_000;

export type ResponderOptions = {
  readonly workers: string;
  /** In a process that the first one started: its number. */
  readonly worker?: string;
};

export async function serveResponder({ workers: given, worker }: ResponderOptions): Promise<void> {
  const workers = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (workers < 1 || workers > WORKERS_MAX) return fail([`--workers ${given}: a number from 1 to ${WORKERS_MAX}`]);
  if (cluster.isWorker) return serveAsWorker(Number(worker ?? '0'));
  if (workers === 1) return serveOne(0);
  // What no process could serve is told once.
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  await supervise(workers);
}

/** Those that end are replaced; a signal ends them all, each after what it has under way. */
async function supervise(workers: number): Promise<void> {
  // Each takes its connections from the kernel. By turns of the first process, one that is being handed to a worker that dies is lost:
  // its client waits for ever (node's lib/internal/cluster/round_robin_handle.js).
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  let isEnding = false;
  const living = new Set<Promise<unknown>>();
  const start = (number: number): void => {
    cluster.setupPrimary({ args: [...process.argv.slice(2), '--worker', String(number)] });
    const worker = cluster.fork();
    const ended = once(worker, 'exit').then(async ([code, signal]) => {
      living.delete(ended);
      if (isEnding) return;
      fail([`the responder ${number} ended with ${signal ?? code}: another takes its place`]);
      await sleep(AGAIN_MS);
      if (!isEnding) start(number);
    });
    living.add(ended);
  };
  for (let number = 0; number < workers; number += 1) start(number);
  await signalled();
  isEnding = true;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  await Promise.all(living);
  process.exitCode = 0;
}

async function serveAsWorker(worker: number): Promise<void> {
  try {
    await serveOne(worker);
  } finally {
    // The channel of the first process would keep this one, also where it could not start.
    process.disconnect();
  }
}

async function serveOne(worker: number): Promise<void> {
  const began = performance.now();
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const started = await startResponder(home.value, worker);
  if (!started.ok) return fail([started.error]);
  const { publication, operators } = started.value.addresses;
  say(`PFCNG answers for the status of certificates after ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  say(`  OCSP, CRL, AIA     ${publication}`);
  say(`  operators          ${operators}/readyz`);
  await signalled();
  await started.value.stop();
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
