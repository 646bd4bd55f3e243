/**
 * Pauses what would go on by itself in a restored database that may lack the last decisions. Lines
 * of an order that were worked off since the backup would get second certificates, and a campaign
 * whose date two officers have moved or taken away since would act on the old one, which nobody can
 * undo. One person resumes each of them when they know what has happened.
 */
import { SYSTEM } from '../../audit/actors.js';
import type { Campaign } from '../../ports/store/cards/campaigns.js';
import type { Transaction } from '../../ports/store.js';
import type { Clock } from '../../ports/world.js';
import { changeCampaign } from '../campaigns/change-campaign.js';
import { LIVE_CAMPAIGNS_MAX } from '../campaigns/create.js';
import { pauseOrdersOf } from '../orders/control.js';

/** Ids of what was paused. */
export type PausedWork = { readonly orders: readonly string[]; readonly campaigns: readonly string[] };

export async function pauseWork(tx: Transaction, clock: Clock): Promise<PausedWork> {
  const orders: string[] = [];
  for (const { id } of await tx.accounts()) orders.push(...(await pauseOrdersOf(tx, id, clock())));
  const campaigns = (await tx.liveCampaigns(LIVE_CAMPAIGNS_MAX)).filter(mayAct);
  const { now } = await tx.databaseClock();
  for (const campaign of campaigns)
    await changeCampaign(tx, campaign, {
      changes: { state: 'paused', stateAt: now },
      cause: { type: 'campaign.paused', topic: 'campaign.paused', actor: SYSTEM, at: now },
    });
  return { orders, campaigns: campaigns.map(({ id }) => id) };
}

/** Without an armed date, an open campaign changes nothing that a card has not asked for. */
function mayAct({ state, dates, action }: Campaign): boolean {
  const isArmed = Object.values(dates).some((date) => date !== null && date.armedAt !== null && date.outcome === null);
  return state === 'open' && (isArmed || action !== null);
}
