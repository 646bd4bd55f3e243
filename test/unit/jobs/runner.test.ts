/**
 * Without these tests a job could run twice at once, end with its first error, or go on after the
 * stop.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../src/jobs/job.js';
import { createRunner } from '../../../src/jobs/runner.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const EVERY_MS = 5;

const jobOf = (run: () => Promise<void>, more: Partial<Job<null>> = {}): Job<null> => ({
  name: 'a-job',
  everyMs: EVERY_MS,
  leaseDurationMs: null,
  alsoRuns: [],
  prepare: () => ({ run }),
  ...more,
});

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
    const runner = createRunner([job], null, log);
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
    const runner = createRunner([job], null, SILENT_LOG);
    runner.start();
    await until(() => ended === 1 && underWay === 1);
    await runner.stop();
    assert.deepEqual([underWay, ended], [0, 2]);
    await sleep(3 * EVERY_MS);
    assert.equal(ended, 2, 'no run after the stop');
  });

  it('runs at the start and at the stop what says so, and stops a long run first', async () => {
    const events: string[] = [];
    let end: () => void = () => undefined;
    const long = new Promise<void>((resolve) => {
      end = resolve;
    });
    const longJob = jobOf(() => long, {
      everyMs: 60_000,
      alsoRuns: ['at-start'],
      prepare: () => ({
        run: () => long,
        stop: async () => {
          events.push('stop');
          end();
        },
      }),
    });
    const lastJob = jobOf(async () => void events.push('last'), { everyMs: 60_000, alsoRuns: ['at-stop'] });
    const runner = createRunner([longJob, lastJob], null, SILENT_LOG);
    runner.start();
    await runner.stop();
    assert.deepEqual(events, ['stop', 'last']);
  });

  it('makes no last run if it was never started, and has no run of a job that the configuration switches off', async () => {
    const events: string[] = [];
    const run = async (): Promise<void> => void events.push('run');
    const off = jobOf(run, { alsoRuns: ['at-start', 'at-stop'], prepare: () => null });
    const runner = createRunner([off, jobOf(run, { everyMs: 60_000, alsoRuns: ['at-stop'] })], null, SILENT_LOG);
    await runner.stop();
    assert.deepEqual(events, []);
    const started = createRunner([off], null, SILENT_LOG);
    started.start();
    await started.stop();
    assert.deepEqual(events, []);
  });
});
