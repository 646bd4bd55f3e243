/**
 * Runs jobs. A job runs once at a time; a run that fails is logged, and the next one follows after
 * the same period. The timers do not keep the process running.
 */
import type { Log } from '../ports/world.js';
import type { Job, JobWork } from './job.js';

type Runner = {
  readonly start: () => void;
  /**
   * Starts no more runs and ends those in progress. If the runner was started, it then makes the
   * last runs of the jobs that have one.
   */
  readonly stop: () => Promise<void>;
};

export function createRunner<Parts>(jobs: readonly Job<Parts>[], parts: Parts, log: Log): Runner {
  const prepared = jobs.flatMap((job) => {
    const work = job.prepare(parts);
    return work === null ? [] : [{ job, work, runs: oneAtATime(job.name, work, log) }];
  });
  let timers: readonly NodeJS.Timeout[] = [];
  return {
    start: () => {
      timers = prepared.map(({ job, work, runs }) => setInterval(runs.begin, work.everyMs ?? job.everyMs).unref());
      for (const { job, runs } of prepared) if (job.alsoRuns.includes('at-start')) runs.begin();
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(prepared.map(({ work }) => work.stop?.()));
      await Promise.all(prepared.map(({ runs }) => runs.ended()));
      for (const { job, runs } of prepared) {
        if (timers.length === 0 || !job.alsoRuns.includes('at-stop')) continue;
        runs.begin();
        await runs.ended();
      }
    },
  };
}

type Runs = {
  /** Starts a run, unless one is in progress. */
  readonly begin: () => void;
  /** Resolves when no run is in progress. */
  readonly ended: () => Promise<void>;
};

function oneAtATime(name: string, { run }: JobWork, log: Log): Runs {
  let current: Promise<void> | null = null;
  return {
    begin: () => {
      current ??= run()
        .catch((error: unknown) => log.error('job.failed', { job: name, detail: String(error) }))
        .finally(() => {
          current = null;
        });
    },
    ended: async () => current ?? undefined,
  };
}
