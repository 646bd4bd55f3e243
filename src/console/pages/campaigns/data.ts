import { err, ok, type Result } from '../../../kernel/result.js';
import { listCampaigns } from '../../../operations/campaigns/read.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { Campaign } from '../../../ports/store/cards/campaigns.js';
import { violation } from '../../../texts/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import type { PageRequest } from '../../page.js';

export type CampaignsData = {
  readonly campaigns: readonly Campaign[];
  /** The campaign after which the next page begins; null: there is none. */
  readonly next: string | null;
};

export async function loadCampaigns(
  { world }: ServingContext,
  { account, query: { cursor } }: PageRequest,
): Promise<Result<CampaignsData, OperationFailure>> {
  const found = await listCampaigns(world, account);
  if (!found.ok) return found;
  const after = found.value.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && after === -1)
    return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  const rest = found.value.slice(after + 1);
  const campaigns = rest.slice(0, PAGE_SIZE);
  return ok({ campaigns, next: rest.length > PAGE_SIZE ? (campaigns.at(-1)?.id ?? null) : null });
}
