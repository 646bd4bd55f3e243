import type { Result } from '../../../kernel/result.js';
import { listCampaigns } from '../../../operations/campaigns/read.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import { CAMPAIGN_STATES, type Campaign } from '../../../ports/store/cards/campaigns.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import type { PageRequest } from '../../page.js';

export type CampaignsData = {
  readonly campaigns: readonly Campaign[];
  /** The campaign after which the next page begins; null: there is none. */
  readonly next: string | null;
};

export async function loadCampaigns(
  { world }: ServingContext,
  { account, query }: PageRequest,
): Promise<Result<CampaignsData, OperationFailure>> {
  const before = cursorOf(query.cursor);
  if (!before.ok) return before;
  const state = CAMPAIGN_STATES.find((one) => one === query.state);
  return listCampaigns(world, account, { state, limit: PAGE_SIZE, before: before.value });
}
