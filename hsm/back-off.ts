/**
 * Pauses between restarts: none before the first, then doubling from half a second to five. A token
 * that is available again is found within five seconds.
 */
const PAUSE_MS_FIRST = 500;
const PAUSE_MS_MAX = 5_000;

type BackOff = {
  /** Milliseconds to wait before the next start. */
  next(): number;
  /** After a success: the next failure counts as the first. */
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
