/**
 * Does what the dates of campaigns say, and what officers have decided besides: each campaign is an
 * item, and its certificates are changed in parts. After a crash another process, or the same one
 * after its restart, continues after the last part that was done.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { workCampaignAction } from '../../operations/campaigns/act.js';
import { LIVE_CAMPAIGNS_MAX } from '../../operations/campaigns/create.js';
import { dueDates, passDates } from '../../operations/campaigns/pass-dates.js';
import type { World } from '../../operations/world.js';
import type { Campaign } from '../../ports/store/cards/campaigns.js';
import { type JobLease, orFail, type ReadingStore, type SharedJob } from '../job.js';

type DateWorld = Omit<World, 'store'> & { readonly store: ReadingStore };

export const workCampaignDates: SharedJob<DateWorld> = {
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

/** A pause stops everything but the release of what was suspended. */
function isWorkable({ state, action }: Campaign): boolean {
  return state !== 'paused' || action?.kind === 'release';
}

async function workDates(world: World, leased: JobLease, id: string): Promise<'done' | 'more'> {
  orFail(await passDates(world, id));
  while (!leased.mustEnd()) {
    const campaign = orFail(await workCampaignAction(world, id));
    if (campaign === null || campaign.action === null) return 'done';
  }
  return 'more';
}
