import { fork } from 'node:child_process';
import { availableParallelism, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../lib/root.mjs';
import { ending } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { sharesServices } from './files.mjs';
import { stopwatch } from './stopwatch.mjs';
import { passWholeFiles } from './whole-files.mjs';

const MINUTE_MS = 60_000;
/** Less than the 90 minutes that a CI run may take, so that the coverage report can be written. */
const RUN_LIMIT_MS = 80 * MINUTE_MS;
/**
 * The time in which a process must report the end of a test: more than mocha's timeout, which does
 * not interrupt a loop without end.
 */
const SILENCE_LIMIT_MS = 20 * MINUTE_MS;
/** The time for a process to end after its last file: it writes its coverage while others run. */
const ENDING_LIMIT_MS = 2 * MINUTE_MS;
const PIPE_LIMIT_MS = 2_000;
/**
 * A process waits for its services for some of its time, so that there are three for each core.
 * Two cores were then idle for 1 % of the time; with two processes for each core, for 2 %. With
 * coverage there is one.
 */
const workersFor = (/** @type {Record<string, string>} */ { NODE_V8_COVERAGE }) =>
  NODE_V8_COVERAGE === undefined ? Math.min(9, 3 * availableParallelism()) : Math.max(2, availableParallelism());
/** Tests make much garbage: with room for it, Node takes 7 % less processor time. */
const EXEC_ARGV = ['--enable-source-maps', '--min-semi-space-size=16', '--max-semi-space-size=64'];
/** How many processes take the files that share services first. */
const SHARING_WORKERS = 2;
/**
 * The niceness of all other processes: the one with the timed tests gets at least three quarters of
 * the CPU time.
 */
const GIVES_WAY = 10;

/**
 * @typedef {import('./mocha.mjs').Tally} Tally
 * @typedef {{ passed: number, failed: number, pending: number }} Counts of a file
 *
 * @typedef {object} Run
 * @property {Record<string, string>} env
 * @property {number} endsAtMs
 * @property {string[]} sharing files that share services, and that no process has taken
 * @property {string[]} others the other ones that no process has taken
 * @property {Counts[]} counted
 * @property {string[]} failures
 *
 * @typedef {object} Task of a process, beside what all of them take
 * @property {string[]} timed the files that it runs first
 * @property {boolean} sharesFirst whether it takes files that share services before others
 */

/**
 * Runs test files in several processes. What mocha cannot report itself counts as one failure: a
 * crash, a hang, a file without tests. Another process then runs the files that are left.
 * @param {import('./files.mjs').TestFiles} files
 * @param {Record<string, string>} env
 * @returns {Promise<Tally>}
 */
export async function runTogether({ timed, sharing, others }, env) {
  const untaken = { sharing: [...sharing], others: [...others] };
  /** @type {Run} */
  const run = { env, endsAtMs: performance.now() + RUN_LIMIT_MS, ...untaken, counted: [], failures: [] };
  const taskOf = (/** @type {number} */ at) => ({
    timed: at === 0 ? [...timed] : [],
    sharesFirst: at >= 1 && at <= SHARING_WORKERS,
  });
  await Promise.all(Array.from({ length: workersFor(env) }, (_, at) => runWorkers(run, taskOf(at))));
  const total = { passed: 0, failed: 0, pending: 0, ended: true, reasons: run.failures };
  for (const { passed, failed, pending } of run.counted) {
    total.passed += passed;
    total.failed += failed;
    total.pending += pending;
  }
  return total;
}

/**
 * Runs one process, and another one when it did not reach the end.
 * @param {Run} run
 * @param {Task} task
 */
async function runWorkers(run, task) {
  const count = () => task.timed.length + run.sharing.length + run.others.length;
  for (;;) {
    const left = count();
    const complaint = await runWorker(run, task);
    if (complaint === null) return;
    complain(run, complaint);
    // Another process would not do better: this one has taken no file.
    const isStopped = process.exitCode !== undefined || performance.now() > run.endsAtMs;
    if (isStopped || count() === left) return;
  }
}

/**
 * Takes the next file of a process.
 * @param {Run} run
 * @param {Task} task
 * @returns {string | null} `null`: there is none
 */
function take({ sharing, others }, { timed, sharesFirst }) {
  const queues = sharesFirst ? [timed, sharing, others] : [timed, others, sharing];
  return queues.find((files) => files.length > 0)?.shift() ?? null;
}

/**
 * @param {Run} run
 * @param {Task} task
 * @returns {Promise<string | null>} `null`: it ended well; otherwise the reason
 */
async function runWorker(run, task) {
  const child = fork(join(ROOT, 'scripts/testing/worker.mjs'), {
    cwd: ROOT,
    execArgv: EXEC_ARGV,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...run.env, PFCNG_TEST_COLOR: process.stdout.isTTY ? 'yes' : 'no' },
  });
  const passed = child.stdout === null ? null : passWholeFiles(child.stdout, (text) => process.stdout.write(text));
  const limit = limitOf(child);
  const awaitReport = () => limit.set(Math.min(SILENCE_LIMIT_MS, run.endsAtMs - performance.now()));
  awaitReport();
  /** @type {{ file: string | null, counts: Counts }} */
  let at = { file: null, counts: { ...NONE } };
  const watch = stopwatch(child.pid);
  const next = () => {
    watch.ended(at.file);
    if (at.file !== null && isEmpty(at.counts)) complain(run, `no test was executed: ${at.file}`);
    const isTimed = task.timed.length > 0;
    at = { file: take(run, task), counts: { ...NONE } };
    if (at.file === null) limit.set(ENDING_LIMIT_MS);
    else run.counted.push(at.counts);
    // Processes that it starts inherit the niceness.
    if (!isTimed && child.pid !== undefined && getPriority(child.pid) < GIVES_WAY) setPriority(child.pid, GIVES_WAY);
    child.send({ file: at.file, sharesServices: at.file !== null && sharesServices(at.file) });
  };
  child.on('message', (/** @type {{ tally?: Counts, failures?: string, next?: true }} */ message) => {
    awaitReport();
    if (message.tally !== undefined) Object.assign(at.counts, message.tally);
    if (message.failures !== undefined) run.failures.push(message.failures);
    if (message.next !== undefined) next();
  });
  const how = await ending(child);
  limit.end();
  // A process that a test left running may keep the pipe open.
  await Promise.race([passed, sleep(PIPE_LIMIT_MS, undefined, { ref: false })]);
  release(child);
  if (limit.wasReached()) return `${at.file ?? 'after its last test a process'} took too long`;
  if (at.file === null && how === 0) return null;
  return `${at.file ?? 'after its last test'}: the process ended with ${how}`;
}

/**
 * Closes what is left of an ended process. Otherwise a process that a test left running would keep
 * this one alive too, because it has inherited the pipe.
 * @param {import('node:child_process').ChildProcess} child
 */
function release(child) {
  child.stdout?.destroy();
  if (child.connected) child.disconnect();
}

/** @param {Run} run @param {string} complaint */
function complain(run, complaint) {
  say(`tests: ${complaint}`);
  run.failures.push(`  ${complaint}\n`);
  run.counted.push({ ...NONE, failed: 1 });
}

const NONE = { passed: 0, failed: 0, pending: 0 };

/** @param {Counts} counts */
function isEmpty({ passed, failed, pending }) {
  return passed + failed + pending === 0;
}

/**
 * A time limit that can be set again until it is ended. When it is reached, the child is killed.
 * @param {import('node:child_process').ChildProcess} child
 */
function limitOf(child) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let reached = false;
  let ended = false;
  return {
    /** @param {number} ms */
    set: (ms) => {
      clearTimeout(timer);
      if (ended) return;
      timer = setTimeout(() => {
        reached = true;
        child.kill('SIGKILL');
      }, ms);
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
    },
    wasReached: () => reached,
  };
}
