/**
 * Begins what a date of a campaign does, when the date has come: only if two officers have armed
 * it within the last days before it. A date that is not armed, or that comes while the campaign is
 * paused or not open, passes with an alarm, and nothing happens.
 */
import type { Instant } from '../../kernel/clock.js';
import { formatInstant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import {
  type Campaign,
  type CampaignAction,
  type CampaignDate,
  DATE_KINDS,
  type DateKind,
} from '../../ports/store/cards/campaigns.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import type { World } from '../world.js';
import { changeCampaign } from './change-campaign.js';
import { ARMING_MS_MAX } from './decide.js';

const ACTIONS = { suspension: 'suspend', revocation: 'revoke' } as const satisfies Record<
  DateKind,
  CampaignAction['kind']
>;

/** The dates that have come and had no effect yet. */
export function dueDates({ state, dates }: Campaign, now: Instant): readonly DateKind[] {
  if (state === 'ended') return [];
  return DATE_KINDS.filter((kind) => {
    const date = dates[kind];
    return date !== null && date.outcome === null && date.at <= now;
  });
}

function isArmed({ at, armedAt }: CampaignDate): boolean {
  return armedAt !== null && armedAt <= at && armedAt >= at - ARMING_MS_MAX;
}

/** Times are those of the database. */
export async function passDates(
  { store, log }: Pick<World, 'store' | 'log'>,
  id: string,
): Promise<Result<void, StoreFailure>> {
  const missed: { readonly kind: DateKind; readonly at: Instant }[] = [];
  const outcome = await store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    let campaign = await tx.campaign(id);
    for (const kind of campaign === null ? [] : dueDates(campaign, now)) {
      if (campaign === null) break;
      // A revocation after a suspension waits until the suspension is done.
      if (campaign.action !== null && campaign.state === 'open') break;
      const date = campaign.dates[kind] as CampaignDate;
      const acts = isArmed(date) && campaign.state === 'open';
      if (!acts) missed.push({ kind, at: date.at });
      campaign = await passDate(tx, { campaign, kind, date, acts, now });
    }
  });
  if (outcome.ok)
    for (const { kind, at } of missed) log.error('campaign.date-missed', { id, date: kind, at: formatInstant(at) });
  return outcome;
}

function passDate(
  tx: Transaction,
  {
    campaign,
    kind,
    date,
    acts,
    now,
  }: {
    readonly campaign: Campaign;
    readonly kind: DateKind;
    readonly date: CampaignDate;
    readonly acts: boolean;
    readonly now: Instant;
  },
): Promise<Campaign> {
  const dates = { ...campaign.dates, [kind]: { ...date, outcome: acts ? 'acted' : 'missed' } };
  const type = acts ? 'campaign.date-reached' : 'campaign.date-missed';
  const action: CampaignAction = { kind: ACTIONS[kind], after: '', changed: 0 };
  return changeCampaign(tx, campaign, {
    changes: { dates, ...(acts ? { action } : {}) },
    cause: { type, topic: type, actor: 'system', at: now, details: { date: kind, dateAt: date.at } },
  });
}
