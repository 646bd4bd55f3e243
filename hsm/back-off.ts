/** Pauses between starts: none before the first, then doubling from half a second to five: a token that is back is found within that. */
const PAUSE_MS_FIRST = 500;
const PAUSE_MS_MAX = 5_000;

export type BackOff = {
  /** Milliseconds to wait before the next start. */
  next(): number;
  /** Something worked: the next failure is the first again. */
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
