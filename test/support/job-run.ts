import type { JobLease, RunJob, SharedJob } from '../../src/jobs/job.js';
import { type AttemptEnd, type PreparedJob, runAttempt, type SharedWorld } from '../../src/jobs/runner/attempt.js';
import { findDue } from '../../src/jobs/runner/shared-job.js';
import { SYSTEM_TIMERS } from '../../src/jobs/runner/timers.js';
import { present } from '../../src/kernel/assert.js';
import type { Role, RunId } from '../../src/ports/node.js';
import type { Store } from '../../src/ports/store.js';
import { SILENT_LOG } from './status/authority.js';

/** The run of a job, which a test calls instead of waiting for a timer. */
export function runOf<Parts>(job: RunJob<Parts, Role>, parts: Parts): () => Promise<void> {
  return present(job.prepare(parts), `work of ${job.name}`).run;
}

export const JOB_RUN = 'f00dfeedf00dfeedf00dfeedf00dfeed' as RunId;

export function sharedWorldOf(store: Store, more: Partial<SharedWorld> = {}): SharedWorld {
  const random = (length: number) => new Uint8Array(length);
  const steadyMs = () => performance.now();
  return { store, run: JOB_RUN, steadyMs, random, log: SILENT_LOG, timers: SYSTEM_TIMERS, ...more };
}

/**
 * Time stands still, because a slow machine would renew its lease, or end a turn earlier, and make
 * other calls than a fast one.
 */
export const STILL = { steadyMs: () => 0, timers: { every: () => () => undefined, after: () => () => undefined } };

export function stillWorldOf(store: Store): SharedWorld {
  return sharedWorldOf(store, STILL);
}

/**
 * Works on all items of a job that are due until nothing is left, whatever their schedule says, as
 * the runner of a service does; returns how each piece of work ended.
 */
export async function workDue<Parts>(
  job: SharedJob<Parts>,
  parts: Parts,
  world: SharedWorld,
): Promise<readonly AttemptEnd[]> {
  const work = present(job.prepare(parts), `work of ${job.name}`);
  return workPrepared({ job, work, everyMs: work.everyMs ?? job.everyMs }, world);
}

export async function workPrepared(prepared: PreparedJob, world: SharedWorld): Promise<readonly AttemptEnd[]> {
  const ends: AttemptEnd[] = [];
  const found = await findDue(world, prepared, new Set());
  for (const { item } of found.ok ? found.value : []) {
    let end: AttemptEnd = 'more';
    while (end === 'more') {
      const request = { item, woken: true, isStopping: () => false, begun: () => undefined };
      end = await runAttempt(world, prepared, request);
      ends.push(end);
    }
  }
  return ends;
}

/** Runs the work of a job that writes nothing into the database. */
export async function workWithoutLease<Parts>(job: SharedJob<Parts>, parts: Parts): Promise<void> {
  await present(job.prepare(parts), `work of ${job.name}`).work({} as JobLease, '');
}
