/**
 * Spreads work over turns of the event loop. Without it, hundreds of connections that send OCSP
 * requests at the same time are all answered in one turn, and a revocation, which needs several
 * turns, waits for all of them each time.
 */
type Turns = {
  /** Resolves when the caller may work: at once, or in one of the next turns, in order. */
  readonly next: () => Promise<void>;
};

/** `perTurnMax`: how many callers may work in one turn. */
export function createTurns(perTurnMax: number): Turns {
  /** Each connection waits once at most, so that the number of connections limits this list. */
  const waiting: (() => void)[] = [];
  let left = perTurnMax;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(begin);
  }

  function begin(): void {
    isScheduled = false;
    const released = waiting.splice(0, perTurnMax);
    left = perTurnMax - released.length;
    for (const release of released) release();
    if (released.length > 0) schedule();
  }

  return {
    next: () => {
      schedule();
      if (left > 0) {
        left -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
