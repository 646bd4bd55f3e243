/** For how long the work of a job has been due, as far as this process knows. */
import type { Instant } from '../../kernel/clock.js';
import type { StoredJob } from '../../ports/store/jobs.js';

type DueItem = {
  readonly item: string;
  readonly inMs: number;
  readonly isHeld: boolean;
  readonly stored: Pick<StoredJob, 'failures' | 'lastSuccessAt'> | null;
};

type Lateness = {
  /** The items that are due, as the database has just said. */
  readonly looked: (due: readonly DueItem[]) => void;
  readonly succeeded: (item: string) => void;
  /**
   * For how many milliseconds an item has been due that nobody has done and on which nobody works
   * now; at least the time since the database was last read.
   */
  readonly lateMs: () => number;
};

export function createLateness(steadyMs: () => number, working: ReadonlySet<string>): Lateness {
  const since = new Map<string, { readonly at: number; readonly lastSuccessAt: Instant | null }>();
  let lookedAt = steadyMs();
  let heldByOthers: ReadonlySet<string> = new Set();
  return {
    looked: (due) => {
      lookedAt = steadyMs();
      heldByOthers = new Set(due.filter(({ isHeld }) => isHeld).map(({ item }) => item));
      // An item that has not failed and waits for its next time is not due yet.
      const ready = due.filter(({ inMs, stored }) => inMs === 0 || (stored?.failures ?? 0) > 0);
      const before = new Map(since);
      since.clear();
      for (const { item, stored } of ready) {
        const lastSuccessAt = stored?.lastSuccessAt ?? null;
        const known = before.get(item);
        since.set(item, known?.lastSuccessAt === lastSuccessAt ? known : { at: lookedAt, lastSuccessAt });
      }
    },
    succeeded: (item) => void since.delete(item),
    lateMs: () => {
      const waiting = [...since].filter(([item]) => !working.has(item) && !heldByOthers.has(item));
      return steadyMs() - waiting.reduce((first, [, { at }]) => Math.min(first, at), lookedAt);
    },
  };
}
