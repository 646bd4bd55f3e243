/**
 * Ends the replacements of cards whose overlap is over, and revokes the certificates of the old
 * cards. A replacement whose new card has no valid certificate is postponed
 * (`end-replacements.ts`). The clock of the database decides: if it stops, the replacements end
 * later, and never too early.
 */
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { endReplacements } from '../operations/cards/end-replacements.js';
import type { World } from '../operations/world.js';
import { CLUSTER_ITEMS, type SharedJob, valueOrThrow } from './job.js';

export const endDueReplacementsJob: SharedJob<Pick<World, 'log' | 'statusChanged'>> = {
  name: 'replacements-due',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: 10 * SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: ({ log, statusChanged }) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      return (await reads.replacementsDue(now, 1)).length === 0 ? [] : CLUSTER_ITEMS;
    },
    work: async ({ store, mustEnd }) => {
      for (;;) {
        const ended = valueOrThrow(await endReplacements({ store, log, statusChanged }));
        if (ended === 'done' || mustEnd()) return ended;
      }
    },
  }),
};
