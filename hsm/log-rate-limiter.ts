/**
 * Limits how many lines callers can make us write to a log or journal: a fixed number in each time
 * window, and one line at its end with the number of lines that were dropped. A flood of requests
 * cannot fill the disk; only the details of the requests over the limit are lost.
 */
type LogRateLimiter = {
  /** Counts one more line, and returns whether it may be written. */
  admit(): boolean;
};

export type LogRateLimit = { readonly linesMax: number; readonly windowMs: number };

/** The limit for refusals, in the log and in the journal: under 10 MB a day at 300 bytes a line. */
export const REFUSAL_LOG_LIMIT: LogRateLimit = { linesMax: 20, windowMs: 60_000 };

/**
 * Creates a limiter. It calls `onRest` at the end of each window with the number of lines that were
 * dropped, if that is not 0.
 */
export function createLogRateLimiter(
  { linesMax, windowMs }: LogRateLimit,
  onRest: (count: number) => void,
): LogRateLimiter {
  let admitted = 0;
  let rejected = 0;
  let isOpen = false;

  function end(): void {
    isOpen = false;
    const rest = rejected;
    admitted = 0;
    rejected = 0;
    if (rest > 0) onRest(rest);
  }

  return {
    admit() {
      if (!isOpen) setTimeout(end, windowMs).unref();
      isOpen = true;
      if (admitted < linesMax) {
        admitted += 1;
        return true;
      }
      rejected += 1;
      return false;
    },
  };
}
