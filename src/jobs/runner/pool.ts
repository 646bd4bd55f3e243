/**
 * A queue that does a limited number of pieces of work at the same time, in the order in which they
 * were added.
 */

export type Pool = {
  /** Adds work, which must handle its errors itself: a rejected promise is handled by nobody. */
  readonly add: (work: () => Promise<void>) => void;
  /** Resolves when nothing is in progress and nothing is waiting. */
  readonly idle: () => Promise<void>;
};

export function createPool(atOnceMax: number): Pool {
  const waiting: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();
  const next = (): void => {
    if (running.size >= atOnceMax) return;
    const work = waiting.shift();
    if (work === undefined) return;
    const one = work().finally(() => {
      running.delete(one);
      next();
    });
    running.add(one);
  };
  return {
    add: (work) => {
      waiting.push(work);
      next();
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
