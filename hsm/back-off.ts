/**
 * The pauses before the restarts of a process: there is none before the first restart, then half a
 * second, then twice the last pause, at most five seconds. So a restart is tried at most five
 * seconds after the process has ended.
 */
const PAUSE_MS_FIRST = 500;
const PAUSE_MS_MAX = 5_000;

type BackOff = {
  /** Returns how many milliseconds to wait before the next restart, and counts this restart. */
  next(): number;
  /** Called after a success, so that the next pause is again the first one. */
  reset(): void;
};

export function createBackOff(): BackOff {
  let failures = 0;
  return {
    next() {
      const pause = failures === 0 ? 0 : Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** (failures - 1));
      failures += 1;
      return pause;
    },
    reset() {
      failures = 0;
    },
  };
}
