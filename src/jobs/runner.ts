/**
 * Runs the jobs of a process. Each job of scope `run` has a timer. A shared job has the schedule of
 * its items in the database, and an attempt at an item runs under a lease. The runner makes at most
 * four attempts of essential jobs at the same time, and four of the others, so that outlets that
 * hang delay no CRL. A job with `atOnceMax` has a pool of its own.
 */
import { assert } from '../kernel/assert.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Role } from '../ports/node.js';
import type { Log } from '../ports/world.js';
import type { Job, JobName, RunJob, RunWork, SharedJob } from './job.js';
import type { SharedWorld } from './runner/attempt.js';
import { createPool, type Pool } from './runner/pool.js';
import { createSharedJob, type JobObserver, type RunningJob } from './runner/shared-job.js';
import { SYSTEM_TIMERS, type Timers } from './runner/timers.js';

export type Runner = {
  readonly start: () => void;
  /**
   * Makes the work on an item begin as soon as the pool has room, without waiting for its next time
   * in the schedule, if the `due` of the job names the item. A pause after a failure is not
   * shortened. null: reads now which items `due` names. A job of scope `run` does its work now,
   * unless it is doing it already. Several calls before the work begins have the effect of one.
   */
  readonly wake: (job: JobName, item: string | null) => void;
  /**
   * Makes no more attempts of shared jobs, and asks those in progress to end. A process that stops
   * calls this before it closes the addresses that this work may use.
   */
  readonly stopSharedJobs: () => void;
  /**
   * Begins no more work, and waits for the work in progress, whose leases then end. If the runner
   * was started, it then runs each job with `at-stop` in `alsoRuns` once more.
   */
  readonly stop: () => Promise<void>;
  /**
   * Returns the essential jobs that are late by three periods and by at least 30 s, each with the
   * number of seconds.
   */
  readonly late: () => Readonly<Partial<Record<JobName, number>>>;
};

export type RunnerWorld = {
  readonly log: Log;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly observer: JobObserver;
  /** null: the process has only jobs of scope `run`. */
  readonly shared: Pick<SharedWorld, 'store' | 'run' | 'random'> | null;
  /** The default is `SYSTEM_TIMERS`. */
  readonly timers?: Timers;
};

const ATTEMPTS_AT_ONCE_MAX = 4;
const LATE_PERIODS = 3;
/** A job with a short period is not late before this time, because the machine may be busy. */
const LATE_MS_MIN = 30 * SECOND_MS;

export function createRunner<Parts>(jobs: readonly Job<Parts>[], parts: Parts, world: RunnerWorld): Runner {
  const { timers = SYSTEM_TIMERS, shared, observer } = world;
  const pools = { essential: createPool(ATTEMPTS_AT_ONCE_MAX), other: createPool(ATTEMPTS_AT_ONCE_MAX) };
  const ownPools: Pool[] = [];
  const runningJobs = jobs.flatMap((job) => {
    const running = job.scope === 'run' ? prepareRun(job, parts, { ...world, timers }) : prepareShared(job, parts);
    return running === null ? [] : [{ job, running }];
  });
  let started = false;

  function prepareShared(job: SharedJob<Parts>, of: Parts): RunningJob | null {
    const work = job.prepare(of);
    if (work === null) return null;
    assert(shared !== null, 'a process that has shared jobs writes to the database');
    const prepared = { job, work, everyMs: work.everyMs ?? job.everyMs };
    const pool = job.atOnceMax === undefined ? poolOf(job) : createOwnPool(job.atOnceMax);
    return createSharedJob({ ...world, ...shared, timers, pool, observer }, prepared);
  }

  function poolOf({ isEssential }: Pick<SharedJob<Parts>, 'isEssential'>): Pool {
    return isEssential ? pools.essential : pools.other;
  }

  function createOwnPool(atOnceMax: number): Pool {
    const pool = createPool(atOnceMax);
    ownPools.push(pool);
    return pool;
  }

  return {
    start: () => {
      started = true;
      for (const { running } of runningJobs) running.start();
    },
    wake: (name, item) => runningJobs.find(({ job }) => job.name === name)?.running.wake(item),
    stopSharedJobs: () => {
      for (const { job, running } of runningJobs) if (job.scope !== 'run') void running.stop();
    },
    stop: async () => {
      await Promise.all(runningJobs.map(({ running }) => running.stop()));
      await Promise.all([pools.essential, pools.other, ...ownPools].map((pool) => pool.idle()));
      if (!started) return;
      for (const { running } of runningJobs) await running.runLast();
    },
    late: () =>
      Object.fromEntries(
        runningJobs.flatMap(({ job, running }) => {
          const lateMs = running.lateMs();
          const isLate = job.isEssential && lateMs > Math.max(LATE_MS_MIN, LATE_PERIODS * running.everyMs);
          return isLate ? [[job.name, Math.round(lateMs / SECOND_MS)] as const] : [];
        }),
      ),
  };
}

type RunWorld = Pick<RunnerWorld, 'log' | 'steadyMs' | 'observer'> & { readonly timers: Timers };

/**
 * Prepares a job of scope `run`; null: this process has no such work. The work is left out if it
 * becomes due while it is still in progress. A failure is logged, and the work is done again after
 * the period.
 */
function prepareRun<Parts>(job: RunJob<Parts, Role>, parts: Parts, world: RunWorld): RunningJob | null {
  const work = job.prepare(parts);
  if (work === null) return null;
  const { timers, steadyMs } = world;
  let current: Promise<void> | null = null;
  let endTimer = (): void => undefined;
  let succeededAt = steadyMs();
  let stopped = false;
  const begin = (): void => {
    current ??= runOnce(job, work, world)
      .then((isSuccess) => {
        if (isSuccess) succeededAt = steadyMs();
      })
      .finally(() => {
        current = null;
      });
  };
  return {
    everyMs: work.everyMs ?? job.everyMs,
    start: () => {
      endTimer = timers.every(work.everyMs ?? job.everyMs, begin);
      if (job.alsoRuns.includes('at-start')) begin();
    },
    wake: () => (stopped ? undefined : begin()),
    stop: async () => {
      stopped = true;
      endTimer();
      await current;
    },
    runLast: async () => {
      if (!job.alsoRuns.includes('at-stop')) return;
      begin();
      await current;
    },
    lateMs: () => steadyMs() - succeededAt,
  };
}

async function runOnce({ name }: Pick<Job<never>, 'name'>, { run }: RunWork, world: RunWorld): Promise<boolean> {
  const { log, steadyMs, observer } = world;
  const startedAt = steadyMs();
  try {
    await run();
    observer.ended(name, 'done', steadyMs() - startedAt);
    return true;
  } catch (error) {
    observer.ended(name, 'failed', steadyMs() - startedAt);
    log.error('job.failed', { job: name, detail: String(error) });
    return false;
  }
}
