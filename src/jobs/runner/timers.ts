/**
 * The timers of the jobs: `every` calls `run` periodically, and `after` calls it once. Both return
 * the function that cancels the timer. A timer does not keep the process running.
 */
export type Timers = {
  readonly every: (ms: number, run: () => void) => () => void;
  readonly after: (ms: number, run: () => void) => () => void;
};

export const SYSTEM_TIMERS: Timers = {
  every: (ms, run) => {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
