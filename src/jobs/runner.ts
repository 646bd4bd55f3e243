/**
 * Work that comes round by itself, as a table. One run of a job at a time; a run that fails is logged and comes round again.
 * Timers do not keep the process alive.
 */
import type { Log } from '../ports/world.js';

export type Job = {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
};

export type Schedule = { readonly stop: () => Promise<void> };

export function startSchedule(jobs: readonly Job[], log: Log): Schedule {
  const running = new Set<Promise<void>>();
  const timers = jobs.map((job) => {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      const run = job
        .run()
        .catch((error: unknown) => log.error('job.failed', { job: job.name, detail: String(error) }))
        .finally(() => {
          busy = false;
          running.delete(run);
        });
      running.add(run);
    }, job.everyMs);
    return timer.unref();
  });
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running);
    },
  };
}
