/** A bounded number of pieces of work at once, in the order in which they were added. */

export type Pool = {
  /** `work` reports its failures itself. */
  readonly add: (work: () => Promise<void>) => void;
  /** Resolves when nothing runs and nothing waits. */
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
