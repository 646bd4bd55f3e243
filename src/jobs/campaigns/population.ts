/**
 * Finds the cards that belong to each new campaign (its population), and stores them page by page.
 * Each campaign is an item. After a crash another process continues after the last page that was
 * stored.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { LIVE_CAMPAIGNS_MAX } from '../../operations/campaigns/create.js';
import { type PopulationWorld, populatePage } from '../../operations/campaigns/populate.js';
import { type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';

type PopulationParts = Omit<PopulationWorld, 'store'> & { readonly store: ReadingStore };

export const populateCampaignsJob: SharedJob<PopulationParts> = {
  name: 'campaign-population',
  scope: 'item',
  roles: ['worker'],
  everyMs: 2 * SECOND_MS,
  leaseDurationMs: 15 * SECOND_MS,
  budgetMs: 20 * SECOND_MS,
  isEssential: false,
  prepare: (parts) => ({
    due: async (reads) => {
      const live = await reads.liveCampaigns(LIVE_CAMPAIGNS_MAX);
      return live.filter(({ state }) => state === 'preparing').map(({ id }) => id);
    },
    work: (leased, id) => populate(parts, leased, id),
  }),
};

async function populate(parts: PopulationParts, leased: JobLease, id: string): Promise<'done' | 'more'> {
  while (!leased.mustEnd()) if (!valueOrThrow(await populatePage({ ...parts, store: leased.store }, id))) return 'done';
  return 'more';
}
