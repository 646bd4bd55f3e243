/** Counts the cards of which no bureau has said for a week that they were written. */
import { DAY_MS, HOUR_MS } from '../../kernel/duration.js';
import { orFail, type ReadingStore, type RunJob } from '../job.js';

type CardCountParts = {
  readonly store: ReadingStore;
  /** Sets the metric. */
  readonly countUnacknowledged: (cards: number) => void;
};

/**
 * Orders count that ended at least `first` and at most `last` days ago. Without `last`, the number
 * would never fall.
 */
const DAYS = { first: 7, last: 37 } as const;

export const countUnacknowledgedCards: RunJob<CardCountParts, 'worker'> = {
  name: 'acknowledgements',
  scope: 'run',
  roles: ['worker'],
  everyMs: HOUR_MS,
  isEssential: false,
  alsoRuns: ['at-start'],
  prepare: ({ store, countUnacknowledged }) => ({
    run: async () => {
      const cards = await store.read(async (reads) => {
        const { now } = await reads.databaseClock();
        return reads.countUnacknowledged({ from: now - DAYS.last * DAY_MS, before: now - DAYS.first * DAY_MS });
      });
      countUnacknowledged(orFail(cards));
    },
  }),
};
