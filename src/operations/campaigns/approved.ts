/** The actions of campaigns that need two officers. */
import { accountActor } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { err, ok } from '../../kernel/result.js';
import type { DateKind } from '../../ports/store/cards/campaigns.js';
import type { ApprovalAction } from '../approvals/action.js';
import { changeCampaign } from './change-campaign.js';
import { type CampaignDecision, decideChange, decidedColumns } from './decide.js';
import { noSuchCampaign } from './read.js';

type CampaignSubject = { readonly campaign: string };

/** Times are milliseconds since 1970; null: no date; left out: it stays. */
export type DatesSubject = CampaignSubject & {
  readonly suspendsAt?: Instant | null;
  readonly revokesAt?: Instant | null;
};
export type ArmingSubject = CampaignSubject & { readonly date: DateKind };

function action<Subject extends CampaignSubject>(
  name: string,
  decisionOf: (subject: Subject) => CampaignDecision,
): ApprovalAction<Subject & { readonly [member: string]: Json }> {
  return {
    name,
    needs: 'run-campaigns',
    about: () => 'everything',
    keyOf: ({ campaign }) => campaign,
    prepare: async (world, tx, subject) => {
      const campaign = await tx.campaign(subject.campaign);
      if (campaign === null) return err(noSuchCampaign(subject.campaign));
      const { now } = await tx.databaseClock();
      const change = decideChange(world, campaign, { decision: decisionOf(subject), now });
      if (!change.ok) return change;
      const { changes, cause } = change.value;
      return ok({
        columns: decidedColumns(campaign),
        execute: async ({ approval, officers, at }) => {
          const details = { ...cause.details, officers, approval };
          await changeCampaign(tx, campaign, {
            changes,
            cause: { ...cause, actor: accountActor(officers[1]), at, details },
          });
          return { result: null, changed: [] };
        },
      });
    },
  };
}

export const openCampaign = action<CampaignSubject>('campaign.open', () => ({ kind: 'open' }));
export const setCampaignDates = action<DatesSubject>('campaign.dates', ({ campaign: _, ...dates }) => ({
  kind: 'dates',
  ...dates,
}));
export const armCampaignDate = action<ArmingSubject>('campaign.arm', ({ date }) => ({ kind: 'arm', date }));
export const releaseCampaign = action<CampaignSubject>('campaign.release', () => ({ kind: 'release' }));
export const endCampaign = action<CampaignSubject>('campaign.end', () => ({ kind: 'end' }));
