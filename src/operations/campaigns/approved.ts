/** The actions of campaigns that need two officers. */
import { accountActor } from '../../audit/actors.js';
import { formatInstantMs, type Instant, parseInstant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { err, ok } from '../../kernel/result.js';
import type { Campaign, CampaignDate, DateKind } from '../../ports/store/cards/campaigns.js';
import type { Transaction } from '../../ports/store.js';
import type { ApprovalAction } from '../approvals/action.js';
import { notFound } from '../failures.js';
import { changeCampaign, documentSha256 } from './change-campaign.js';
import { LIVE_CAMPAIGNS_MAX } from './create.js';
import { type CampaignDecision, decideChange, decidedColumns } from './decide.js';

type CampaignSubject = { readonly campaign: string };

/** Times are RFC 3339, as the officers read them; null: no date; left out: it stays. */
export type DatesSubject = CampaignSubject & {
  readonly suspendsAt?: string | null;
  readonly revokesAt?: string | null;
};
type ArmingSubject = CampaignSubject & { readonly date: DateKind };

function action<Subject extends CampaignSubject>(
  name: string,
  decisionOf: (subject: Subject, tx: Transaction) => Promise<CampaignDecision>,
  keyOf: (subject: Subject) => string = ({ campaign }) => campaign,
): ApprovalAction<Subject & { readonly [member: string]: Json }> {
  return {
    name,
    needs: 'run-campaigns',
    about: () => 'everything',
    keyOf,
    prepare: async (world, tx, subject) => {
      const campaign = await tx.campaign(subject.campaign);
      if (campaign === null) return err(notFound('no-campaign', { id: subject.campaign }));
      const { now } = await tx.databaseClock();
      const decision = await decisionOf(subject, tx);
      const change = decideChange(world, campaign, { decision, now });
      if (!change.ok) return change;
      const { changes, cause } = change.value;
      return ok({
        columns: decidedColumns(campaign, decision),
        shown: await shownOf(tx, campaign),
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

/** What the officers have to know of the campaign: a hash stands for all of its document. */
async function shownOf(tx: Transaction, { id, document, state, dates }: Campaign) {
  const counts = await tx.campaignCounts(id);
  const cards = counts.filter(({ reader, middleware }) => reader === '' && middleware === '');
  return {
    name: document.name,
    reason: document.reason,
    documentSha256: documentSha256(document),
    cards: cards.reduce((all, { count }) => all + count, 0),
    state,
    suspension: shownDate(dates.suspension),
    revocation: shownDate(dates.revocation),
  };
}

function shownDate(date: CampaignDate | null): Json {
  if (date === null) return null;
  const { at, armedAt } = date;
  return { at: formatInstantMs(at), armedAt: armedAt === null ? null : formatInstantMs(armedAt) };
}

export const openCampaign = action<CampaignSubject>('campaign.open', async ({ campaign }, tx) => {
  const live = await tx.liveCampaigns(LIVE_CAMPAIGNS_MAX);
  const others = live.filter(({ id, state }) => id !== campaign && (state === 'open' || state === 'paused'));
  return { kind: 'open', others };
});
export const setCampaignDates = action<DatesSubject>('campaign.dates', async ({ suspendsAt, revokesAt }) => ({
  kind: 'dates',
  ...(suspendsAt === undefined ? {} : { suspendsAt: instantOf(suspendsAt) }),
  ...(revokesAt === undefined ? {} : { revokesAt: instantOf(revokesAt) }),
}));
/** Both dates may wait for their second officer at once. */
export const armCampaignDate = action<ArmingSubject>(
  'campaign.arm',
  async ({ date }) => ({ kind: 'arm', date }),
  ({ campaign, date }) => `${campaign}/${date}`,
);
export const releaseCampaign = action<CampaignSubject>('campaign.release', async () => ({ kind: 'release' }));
export const endCampaign = action<CampaignSubject>('campaign.end', async () => ({ kind: 'end' }));

/** The schema guarantees the form of a time. */
function instantOf(written: string | null): Instant | null {
  return written === null ? null : parseInstant(written);
}
