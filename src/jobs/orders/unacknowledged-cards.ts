/**
 * Counts the cards for which no acknowledgement of a card bureau was accepted yet, although their
 * order ended at least a week ago.
 */
import { DAY_MS, HOUR_MS } from '../../kernel/duration.js';
import { type ReadingStore, type RunJob, valueOrThrow } from '../job.js';

type CardCountParts = {
  readonly store: ReadingStore;
  /** Sets the metric to the number of these cards. */
  readonly countUnacknowledged: (cards: number) => void;
};

/**
 * Only orders that ended at least `min` and at most `max` days ago count. Without `max`, cards that
 * are never acknowledged would be counted for ever.
 */
const DAYS_SINCE_END = { min: 7, max: 37 } as const;

export const countUnacknowledgedCardsJob: RunJob<CardCountParts, 'worker'> = {
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
        return reads.countUnacknowledged({
          from: now - DAYS_SINCE_END.max * DAY_MS,
          before: now - DAYS_SINCE_END.min * DAY_MS,
        });
      });
      countUnacknowledged(valueOrThrow(cards));
    },
  }),
};
