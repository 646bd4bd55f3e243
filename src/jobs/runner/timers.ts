/**
 * The timers of all jobs. They do not keep the process running. Each function returns the one that
 * ends its timer.
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
