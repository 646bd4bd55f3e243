/** A job with one item, for the tests of the runner, and what they wait for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobName, SharedJob, SharedWork } from '../../../src/jobs/job.js';
import { createRunner, type Runner } from '../../../src/jobs/runner.js';
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { RunId } from '../../../src/ports/node.js';
import type { Store } from '../../../src/ports/store.js';
import { sharedWorldOf } from '../../support/job-run.js';

export const NAME = 'a-job' as JobName;
export const ITEM = 'an-item';
export const [ONE, OTHER] = ['1'.repeat(32) as RunId, '2'.repeat(32) as RunId];
export const LEASE_MS = 10 * SECOND_MS;

export const jobOf = (work: SharedWork, more: Partial<SharedJob<null>> = {}): SharedJob<null> => ({
  name: NAME,
  scope: 'item',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: LEASE_MS,
  budgetMs: 10 * MINUTE_MS,
  isEssential: true,
  prepare: () => work,
  ...more,
});

export const itemsDue =
  (...items: readonly string[]): SharedWork['due'] =>
  async () =>
    items;
export const done = async () => 'done' as const;

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

export function runnerOn(store: Store, run: RunId, ...jobs: readonly SharedJob<null>[]): Runner {
  const { log, random, steadyMs } = sharedWorldOf(store);
  const observer = { ended: () => undefined, leaseCountChanged: () => undefined };
  const runner = createRunner(jobs, null, { log, steadyMs, observer, shared: { store, run, random } });
  runner.start();
  return runner;
}
