/**
 * Limits how many lines callers can make us write: a fixed number in each time window, and one line
 * with the number of the others at its end. A flood of requests cannot fill the disk, and it hides
 * only the details of the requests over the limit.
 */
type FloodGate = {
  /** True when this line may be written. */
  admit(): boolean;
};

export type FloodLimits = { readonly linesMax: number; readonly windowMs: number };

/** The limit for refusals, in the log and in the journal: under 10 MB a day at 300 bytes a line. */
export const REFUSALS_KEPT: FloodLimits = { linesMax: 20, windowMs: 60_000 };

/**
 * `onRest` is called at the end of a window with the number of lines not admitted, if it is not 0.
 */
export function createFloodGate({ linesMax, windowMs }: FloodLimits, onRest: (count: number) => void): FloodGate {
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
