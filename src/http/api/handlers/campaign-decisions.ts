/**
 * Handlers of the requests of officers about a campaign. Nothing happens before a second officer
 * has approved the request.
 */
import { requestApproval } from '../../../operations/approvals/request.js';
import {
  armCampaignDate,
  type DatesSubject,
  endCampaign,
  openCampaign,
  releaseCampaign,
  setCampaignDates,
} from '../../../operations/campaigns/approved.js';
import type { DateKind } from '../../../ports/store/cards/campaigns.js';
import type { Handler } from '../handler.js';
import { renderRequestedApproval } from './approvals.js';

const approvalRequestHandler =
  (action: typeof openCampaign): Handler =>
  async ({ world }, { account, params, idempotency }) => {
    const subject = { campaign: params.id ?? '' };
    return renderRequestedApproval(world, await requestApproval(world, action, { account, subject, idempotency }));
  };

export const postCampaignOpening = approvalRequestHandler(openCampaign);
export const postCampaignRelease = approvalRequestHandler(releaseCampaign);
export const postCampaignEnd = approvalRequestHandler(endCampaign);

export const postCampaignDates: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const subject = { campaign: params.id ?? '', ...(body as Omit<DatesSubject, 'campaign'>) };
  return renderRequestedApproval(
    world,
    await requestApproval(world, setCampaignDates, { account, subject, idempotency }),
  );
};

export const postCampaignArming: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { date } = body as { readonly date: DateKind };
  const subject = { campaign: params.id ?? '', date };
  return renderRequestedApproval(
    world,
    await requestApproval(world, armCampaignDate, { account, subject, idempotency }),
  );
};
