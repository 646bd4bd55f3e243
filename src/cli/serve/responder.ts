/**
 * `pfcng serve --roles responder`: one process, or several on one address, which a first process
 * restarts when they end.
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Home, loadHome } from '../../compose/home.js';
import { loadHomeForStart } from '../../compose/requirements/table.js';
import { startResponder } from '../../compose/responder.js';
import { RESPONDER_ALONE } from '../../compose/roles.js';
import { fail, say } from '../../terminal/say.js';

const WORKERS_MAX = 32;
/** A pause, so that a process that cannot start is not restarted in a tight loop. */
const AGAIN_MS = 2_000;

export type ResponderOptions = {
  readonly workers: string;
  /** Number of the process, if the first process started it. */
  readonly worker?: string;
};

export async function serveResponder({ workers: given, worker }: ResponderOptions): Promise<void> {
  const workers = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (workers < 1 || workers > WORKERS_MAX) return fail([`--workers ${given}: a number from 1 to ${WORKERS_MAX}`]);
  if (cluster.isWorker) return serveAsWorker(Number(worker ?? '0'));
  // A fault that all processes would have is reported once.
  const home = await loadHomeForStart(RESPONDER_ALONE);
  if (!home.ok) return fail(home.error);
  if (workers === 1) return serveOne(home.value, 0);
  await supervise(workers);
}

/** Restarts processes that end. A signal stops them all, each after its requests under way. */
async function supervise(workers: number): Promise<void> {
  // Each process accepts its own connections. With round-robin the first process hands them over,
  // and a connection that is handed to a dying worker is lost: its client waits without end (node
  // lib/internal/cluster/round_robin_handle.js).
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  let isEnding = false;
  const living = new Set<Promise<unknown>>();
  const start = (number: number): void => {
    cluster.setupPrimary({ args: [...process.argv.slice(2), '--worker', String(number)] });
    const worker = cluster.fork();
    const ended = once(worker, 'exit').then(async ([code, signal]) => {
      living.delete(ended);
      if (isEnding) return;
      fail([`responder process ${number} ended with ${signal ?? code}: it is restarted`]);
      await sleep(AGAIN_MS);
      if (!isEnding) start(number);
    });
    living.add(ended);
  };
  for (let number = 0; number < workers; number += 1) start(number);
  await terminationSignal();
  isEnding = true;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  await Promise.all(living);
  process.exitCode = 0;
}

async function serveAsWorker(worker: number): Promise<void> {
  const home = loadHome();
  try {
    if (home.ok) await serveOne(home.value, worker);
    else fail(home.error.faults);
  } finally {
    // The channel to the first process would keep this process alive, also if it could not start.
    process.disconnect();
  }
}

async function serveOne(home: Home, worker: number): Promise<void> {
  const startedAt = performance.now();
  const started = await startResponder(home, worker);
  if (!started.ok) return fail(started.error.split('\n'));
  const { publication, operators } = started.value.addresses;
  say(`The PFCNG responder is ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  say(`  OCSP, CRL, AIA     ${publication}`);
  say(`  operators          ${operators}/readyz`);
  await terminationSignal();
  await started.value.stop();
}

function terminationSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
