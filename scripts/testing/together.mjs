import { fork } from 'node:child_process';
import { availableParallelism, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../lib/root.mjs';
import { ending } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { passWholeFiles } from './whole-files.mjs';

const MINUTE_MS = 60_000;
/** Less than the 90 minutes that a CI run may take, so that the coverage report can be written. */
const RUN_LIMIT_MS = 80 * MINUTE_MS;
/** The time for a process to end after its last file: it writes its coverage while others run. */
const ENDING_LIMIT_MS = 2 * MINUTE_MS;
const PIPE_LIMIT_MS = 2_000;
/**
 * A process waits more than half of its time, so that there are three for each core; with coverage,
 * one.
 */
const workersFor = (/** @type {Record<string, string>} */ { NODE_V8_COVERAGE }) =>
  NODE_V8_COVERAGE === undefined ? Math.min(9, 3 * availableParallelism()) : Math.max(2, availableParallelism());
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
 * @property {string[]} others files that no process has taken
 * @property {Counts[]} counted
 * @property {string[]} failures
 */

/**
 * Runs test files in several processes. What mocha cannot report itself counts as one failure: a
 * crash, a hang, a file without tests. Another process then runs the files that are left. Why tests
 * failed is printed at the end.
 * @param {ReturnType<typeof import('./files.mjs').allFiles>} files
 * @param {Record<string, string>} env
 * @returns {Promise<Tally>}
 */
export async function runTogether({ timed, others }, env) {
  /** @type {Run} */
  const run = { env, endsAtMs: performance.now() + RUN_LIMIT_MS, others: [...others], counted: [], failures: [] };
  await Promise.all(Array.from({ length: workersFor(env) }, (_, at) => runWorkers(run, at === 0 ? [...timed] : [])));
  if (run.failures.length > 0) process.stdout.write('\n== why tests failed\n');
  for (const text of run.failures) process.stdout.write(`\n${text}`);
  const total = { passed: 0, failed: 0, pending: 0, ended: true };
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
 * @param {string[]} timed
 */
async function runWorkers(run, timed) {
  for (;;) {
    const left = timed.length + run.others.length;
    const complaint = await runWorker(run, timed);
    if (complaint === null) return;
    complain(run, complaint);
    // Another process would not do better: this one has taken no file.
    const isStopped = process.exitCode !== undefined || performance.now() > run.endsAtMs;
    if (isStopped || timed.length + run.others.length === left) return;
  }
}

/**
 * @param {Run} run
 * @param {string[]} timed the files that it runs first
 * @returns {Promise<string | null>} `null`: it ended well; otherwise the reason
 */
async function runWorker(run, timed) {
  const child = fork(join(ROOT, 'scripts/testing/worker.mjs'), {
    cwd: ROOT,
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...run.env, PFCNG_TEST_COLOR: process.stdout.isTTY ? 'yes' : 'no' },
  });
  const passed = child.stdout === null ? null : passWholeFiles(child.stdout, (text) => process.stdout.write(text));
  const limit = limitOf(child);
  limit.set(run.endsAtMs - performance.now());
  /** @type {{ file: string | null, counts: Counts }} */
  let at = { file: null, counts: { ...NONE } };
  const next = () => {
    if (at.file !== null && isEmpty(at.counts)) complain(run, `no test was executed: ${at.file}`);
    const isTimed = timed.length > 0;
    at = { file: (isTimed ? timed : run.others).shift() ?? null, counts: { ...NONE } };
    if (at.file === null) limit.set(ENDING_LIMIT_MS);
    else run.counted.push(at.counts);
    // Processes that it starts inherit the niceness.
    if (!isTimed && child.pid !== undefined && getPriority(child.pid) < GIVES_WAY) setPriority(child.pid, GIVES_WAY);
    child.send({ file: at.file });
  };
  child.on('message', (/** @type {{ tally?: Counts, failures?: string, next?: true }} */ message) => {
    if (message.tally !== undefined) Object.assign(at.counts, message.tally);
    if (message.failures !== undefined) run.failures.push(message.failures);
    if (message.next !== undefined) next();
  });
  const how = await ending(child);
  limit.clear();
  // A process that a test left running may keep the pipe open.
  await Promise.race([passed, sleep(PIPE_LIMIT_MS, undefined, { ref: false })]);
  if (limit.wasReached()) return `${at.file ?? 'after its last test a process'} took too long`;
  if (at.file === null && how === 0) return null;
  return `${at.file ?? 'after its last test'}: the process ended with ${how}`;
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
 * A time limit that can be set again. When it is reached, the child is killed.
 * @param {import('node:child_process').ChildProcess} child
 */
function limitOf(child) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let reached = false;
  return {
    /** @param {number} ms */
    set: (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reached = true;
        child.kill('SIGKILL');
      }, ms);
    },
    clear: () => clearTimeout(timer),
    wasReached: () => reached,
  };
}
