/**
 * Carries out the actions of campaigns whose dates have come, and those that officers have
 * requested. Each campaign is an item, and its certificates are changed in parts. After a crash
 * another process, or the same one after its restart, continues after the last part that was done.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { workCampaignAction } from '../../operations/campaigns/act.js';
import { LIVE_CAMPAIGNS_MAX } from '../../operations/campaigns/create.js';
import { dueDates, passDates } from '../../operations/campaigns/pass-dates.js';
import type { World } from '../../operations/world.js';
import type { Campaign } from '../../ports/store/cards/campaigns.js';
import { type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';

type DateWorld = Omit<World, 'store'> & { readonly store: ReadingStore };

export const actOnCampaignDatesJob: SharedJob<DateWorld> = {
  name: 'campaign-dates',
  scope: 'item',
  roles: ['worker'],
  everyMs: 2 * SECOND_MS,
  leaseDurationMs: 6 * SECOND_MS,
  budgetMs: 5 * SECOND_MS,
  isEssential: true,
  prepare: (world) => ({
    due: async (reads) => {
      const { now } = await reads.databaseClock();
      const live = await reads.liveCampaigns(LIVE_CAMPAIGNS_MAX);
      const dated = live.filter((campaign) => dueDates(campaign, now).length > 0);
      const acting = (await reads.actingCampaigns()).filter(isWorkable);
      return [...new Set([...dated, ...acting].map(({ id }) => id))];
    },
    work: (leased, id) => workDates({ ...world, store: leased.store }, leased, id),
  }),
};

/**
 * Returns whether the action of a campaign may continue. A paused campaign does nothing except
 * release the certificates that it has suspended.
 */
function isWorkable({ state, action }: Campaign): boolean {
  return state !== 'paused' || action?.kind === 'release';
}

async function workDates(world: World, leased: JobLease, id: string): Promise<'done' | 'more'> {
  valueOrThrow(await passDates(world, id));
  while (!leased.mustEnd()) {
    const campaign = valueOrThrow(await workCampaignAction(world, id));
    if (campaign === null || campaign.action === null) return 'done';
  }
  return 'more';
}
