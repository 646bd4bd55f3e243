/**
 * Runs the jobs of a process. The jobs of scope `run` have a timer each. The work of the others has
 * its schedule in the database, and runs under a lease: at most four pieces of essential work at
 * once, and four of other work, so that outlets that hang delay no list. A job may have a pool of
 * its own.
 */
import { assert } from '../kernel/assert.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Role } from '../ports/node.js';
import type { Log } from '../ports/world.js';
import type { Job, JobName, RunJob, RunWork, SharedJob } from './job.js';
import type { SharedWorld } from './runner/piece.js';
import { createPool, type Pool } from './runner/pool.js';
import { createSharedJob, type JobObserver, type RunningJob } from './runner/shared-job.js';
import { SYSTEM_TIMERS, type Timers } from './runner/timers.js';

export type Runner = {
  readonly start: () => void;
  /**
   * Begins the work of an item as soon as it is due, before its next time in the schedule; null:
   * looks for all that is due. Several calls before the work begins are one.
   */
  readonly wake: (job: JobName, item: string | null) => void;
  /**
   * Begins no work under a lease any more, and asks what is in progress to end. For a process that
   * stops, before it closes the addresses that this work may use.
   */
  readonly retire: () => void;
  /**
   * Begins no more work, and waits for the work in progress, whose leases then end. Then, if the
   * runner was started, runs each job with `at-stop` in `alsoRuns` once more.
   */
  readonly stop: () => Promise<void>;
  /** The essential jobs that are late by three periods, with the seconds. */
  readonly late: () => Readonly<Partial<Record<JobName, number>>>;
};

export type RunnerWorld = {
  readonly log: Log;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  readonly observer: JobObserver;
  /** null: the process has no jobs but those of scope `run`. */
  readonly shared: Pick<SharedWorld, 'store' | 'run' | 'random'> | null;
  /** Default: those of the system. */
  readonly timers?: Timers;
};

const PIECES_AT_ONCE_MAX = 4;
const LATE_PERIODS = 3;
/** A job with a short period is not late before this time, because the machine may be busy. */
const LATE_MS_MIN = 30 * SECOND_MS;

export function createRunner<Parts>(jobs: readonly Job<Parts>[], parts: Parts, world: RunnerWorld): Runner {
  const { timers = SYSTEM_TIMERS, shared, observer } = world;
  const pools = { essential: createPool(PIECES_AT_ONCE_MAX), other: createPool(PIECES_AT_ONCE_MAX) };
  const ownPools: Pool[] = [];
  const known = jobs.flatMap((job) => {
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
      for (const { running } of known) running.start();
    },
    wake: (name, item) => known.find(({ job }) => job.name === name)?.running.wake(item),
    retire: () => {
      for (const { job, running } of known) if (job.scope !== 'run') void running.stop();
    },
    stop: async () => {
      await Promise.all(known.map(({ running }) => running.stop()));
      await Promise.all([pools.essential, pools.other, ...ownPools].map((pool) => pool.idle()));
      if (!started) return;
      for (const { running } of known) await running.runLast();
    },
    late: () =>
      Object.fromEntries(
        known.flatMap(({ job, running }) => {
          const lateMs = running.lateMs();
          const isLate = job.isEssential && lateMs > Math.max(LATE_MS_MIN, LATE_PERIODS * running.everyMs);
          return isLate ? [[job.name, Math.round(lateMs / SECOND_MS)] as const] : [];
        }),
      ),
  };
}

type RunWorld = Pick<RunnerWorld, 'log' | 'steadyMs' | 'observer'> & { readonly timers: Timers };

/** The work runs once at a time. A run that fails is logged, and the next one follows. */
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
