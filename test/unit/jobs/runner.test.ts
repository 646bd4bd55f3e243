/**
 * Without these tests a job could run twice at once, end with its first error, or go on after the
 * stop.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobName, RunJob } from '../../../src/jobs/job.js';
import { createRunner, type Runner, type RunnerWorld } from '../../../src/jobs/runner.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const EVERY_MS = 5;

const jobOf = (run: () => Promise<void>, more: Partial<RunJob<null>> = {}): RunJob<null> => ({
  name: 'a-job' as JobName,
  scope: 'run',
  roles: ['worker'],
  everyMs: EVERY_MS,
  isEssential: false,
  alsoRuns: [],
  prepare: () => ({ run }),
  ...more,
});

function runnerOf(jobs: readonly RunJob<null>[], more: Partial<RunnerWorld> = {}): Runner {
  const observer = { ended: () => undefined, leaseCountChanged: () => undefined };
  const steadyMs = () => performance.now();
  return createRunner(jobs, null, { log: SILENT_LOG, steadyMs, observer, shared: null, ...more });
}

/** Timers of jobs do not keep a process alive: a test waits on one that does. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(EVERY_MS);
}

describe('the runner of jobs', () => {
  it('runs a job again after an error, which it logs with the name of the job', async () => {
    let runs = 0;
    const logged: unknown[] = [];
    const log = { ...SILENT_LOG, error: (event: string, fields: unknown) => logged.push([event, fields]) };
    const job = jobOf(async () => {
      runs += 1;
      if (runs === 1) throw new Error('database down');
    });
    const runner = runnerOf([job], { log });
    runner.start();
    await until(() => runs >= 2);
    await runner.stop();
    assert.deepEqual(logged, [['job.failed', { job: 'a-job', detail: 'Error: database down' }]]);
  });

  it('never runs a job twice at once, and waits for the run under way when it stops', async () => {
    let underWay = 0;
    let ended = 0;
    const job = jobOf(async () => {
      underWay += 1;
      assert.equal(underWay, 1);
      await sleep(5 * EVERY_MS);
      underWay -= 1;
      ended += 1;
    });
    const runner = runnerOf([job]);
    runner.start();
    await until(() => ended === 1 && underWay === 1);
    await runner.stop();
    assert.deepEqual([underWay, ended], [0, 2]);
    await sleep(3 * EVERY_MS);
    assert.equal(ended, 2, 'no run after the stop');
  });

  it('runs at the start and at the stop what says so, and waits for a run in progress first', async () => {
    const events: string[] = [];
    let end: () => void = () => undefined;
    const long = new Promise<void>((resolve) => {
      end = resolve;
    });
    const longJob = jobOf(() => long.then(() => void events.push('long')), { everyMs: 60_000, alsoRuns: ['at-start'] });
    const lastJob = jobOf(async () => void events.push('last'), { everyMs: 60_000, alsoRuns: ['at-stop'] });
    const runner = runnerOf([longJob, lastJob]);
    runner.start();
    const stopped = runner.stop();
    end();
    await stopped;
    assert.deepEqual(events, ['long', 'last']);
  });

  it('says that an essential job is late when it has not succeeded for three periods', async () => {
    let now = 0;
    let fails = true;
    const run = async (): Promise<void> => {
      if (fails) throw new Error('down');
    };
    const job = jobOf(run, { everyMs: 60_000, isEssential: true });
    const other = jobOf(run, { everyMs: 60_000, name: 'another' as JobName });
    const runner = runnerOf([job, other], { steadyMs: () => now });
    const runNow = async (): Promise<void> => {
      runner.wake('a-job' as JobName, null);
      await new Promise(setImmediate);
    };
    now = 180_000;
    await runNow();
    assert.deepEqual(runner.late(), {});
    now = 181_000;
    assert.deepEqual(runner.late(), { 'a-job': 181 });
    fails = false;
    await runNow();
    assert.deepEqual(runner.late(), {});
    await runner.stop();
  });

  it('makes no last run if it was never started, and has no run of a job that the configuration switches off', async () => {
    const events: string[] = [];
    const run = async (): Promise<void> => void events.push('run');
    const off = jobOf(run, { alsoRuns: ['at-start', 'at-stop'], prepare: () => null });
    const runner = runnerOf([off, jobOf(run, { everyMs: 60_000, alsoRuns: ['at-stop'] })]);
    await runner.stop();
    assert.deepEqual(events, []);
    const started = runnerOf([off]);
    started.start();
    await started.stop();
    assert.deepEqual(events, []);
  });
});
