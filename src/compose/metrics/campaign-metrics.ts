import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import { classUses } from '../../operations/campaigns/read.js';
import { type CampaignCount, DATE_KINDS, type DeskReason } from '../../ports/store/cards/campaigns.js';
import type { Store } from '../../ports/store.js';

type CampaignGauges = Pick<Metrics, 'campaignCards' | 'campaignDesk' | 'campaignMissedDates' | 'campaignTicketsAhead'>;

/** The metrics have at most this many campaigns. More of them would make the metrics slow. */
const CAMPAIGNS_MAX = 20;

/** Sets the metrics of the campaigns that have not ended. */
export async function reportCampaigns(store: Pick<Store, 'read'>, metrics: CampaignGauges): Promise<void> {
  const found = await store.read(async (reads) => {
    const { now } = await reads.databaseClock();
    const live = await reads.liveCampaigns(CAMPAIGNS_MAX);
    const counts: CampaignCount[] = [];
    const ahead: { readonly campaign: string; readonly class: string; readonly seconds: number }[] = [];
    for (const campaign of live) {
      counts.push(...(await reads.campaignCounts(campaign.id)));
      if (campaign.state !== 'open') continue;
      for (const use of await classUses(reads, campaign, now)) {
        const seconds = Math.max(0, use.nextPlaceAt - now) / SECOND_MS;
        ahead.push({ campaign: campaign.id, class: use.class, seconds });
      }
    }
    return { live, counts: counts.filter(({ reader, middleware }) => reader === '' && middleware === ''), ahead };
  });
  if (!found.ok) return;
  const { live, counts, ahead } = found.value;
  const { campaignCards, campaignDesk, campaignMissedDates, campaignTicketsAhead } = metrics;
  for (const gauge of [campaignCards, campaignDesk, campaignMissedDates, campaignTicketsAhead]) gauge.reset();
  const desk = new Map<DeskReason, number>();
  for (const { campaignId: campaign, class: className, state, reason, count } of counts) {
    campaignCards.inc({ campaign, class: className, state }, count);
    if (reason !== '') desk.set(reason, (desk.get(reason) ?? 0) + count);
  }
  for (const [reason, count] of desk) campaignDesk.set({ reason }, count);
  for (const { id: campaign, dates } of live)
    for (const date of DATE_KINDS)
      if (dates[date]?.outcome === 'missed') campaignMissedDates.set({ campaign, date }, 1);
  for (const { seconds, ...labels } of ahead) campaignTicketsAhead.set(labels, seconds);
}
