/** Measures for how long the items of a shared job have been due, as far as this process knows. */
import type { Instant } from '../../kernel/clock.js';
import type { StoredJob } from '../../ports/store/jobs.js';

type DueItem = {
  readonly item: string;
  readonly inMs: number;
  readonly isHeld: boolean;
  readonly stored: Pick<StoredJob, 'failures' | 'lastSuccessAt'> | null;
};

type Lateness = {
  /** Must be called with the due items each time that they were read from the database. */
  readonly updateDueItems: (due: readonly DueItem[]) => void;
  /** Must be called after an attempt of this process at the item has succeeded. */
  readonly succeeded: (item: string) => void;
  /**
   * Returns for how many milliseconds the oldest item has been due. Items on which this or another
   * process works now do not count. The result is at least the time since the database was last
   * read, because later changes are not known.
   */
  readonly lateMs: () => number;
};

export function createLateness(steadyMs: () => number, working: ReadonlySet<string>): Lateness {
  const since = new Map<string, { readonly at: number; readonly lastSuccessAt: Instant | null }>();
  let readAt = steadyMs();
  let heldByOthers: ReadonlySet<string> = new Set();
  return {
    updateDueItems: (due) => {
      readAt = steadyMs();
      heldByOthers = new Set(due.filter(({ isHeld }) => isHeld).map(({ item }) => item));
      // An item that has not failed and waits for its next time is not due yet.
      const ready = due.filter(({ inMs, stored }) => inMs === 0 || (stored?.failures ?? 0) > 0);
      const before = new Map(since);
      since.clear();
      for (const { item, stored } of ready) {
        const lastSuccessAt = stored?.lastSuccessAt ?? null;
        const known = before.get(item);
        since.set(item, known?.lastSuccessAt === lastSuccessAt ? known : { at: readAt, lastSuccessAt });
      }
    },
    succeeded: (item) => void since.delete(item),
    lateMs: () => {
      const waiting = [...since].filter(([item]) => !working.has(item) && !heldByOthers.has(item));
      return steadyMs() - waiting.reduce((first, [, { at }]) => Math.min(first, at), readAt);
    },
  };
}
