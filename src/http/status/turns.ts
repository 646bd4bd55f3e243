/**
 * Spreads work over turns of the event loop. Otherwise, the OCSP requests of hundreds of
 * connections that arrive together would all be answered in one turn, and a revocation, which needs
 * several turns, would wait for such a turn each time.
 */
type Turns = {
  /**
   * Resolves when the caller may begin: at once, or in one of the next turns, in the order of the
   * calls.
   */
  readonly next: () => Promise<void>;
};

/** Creates `Turns`. `perTurnMax`: how many callers may begin in one turn. */
export function createTurns(perTurnMax: number): Turns {
  /**
   * The callers that wait. Each connection has one request in progress, so the number of
   * connections limits this list.
   */
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
