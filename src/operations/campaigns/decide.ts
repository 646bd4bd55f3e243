/**
 * What two officers decide about a campaign, and what one officer may do alone: pausing it, which
 * also stops its suspensions and revocations, and resuming it. A decision is checked when it is
 * requested, and again in the transaction of the second signature.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import type { Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideCampaign } from '../../lifecycle/campaign-states.js';
import type { Policy } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type {
  Campaign,
  CampaignAction,
  CampaignChanges,
  CampaignDate,
  DateKind,
} from '../../ports/store/cards/campaigns.js';
import { fault } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { capacityFault } from './capacity.js';
import { type CampaignCause, changeCampaign } from './change-campaign.js';

/** A date can be armed at most this long before it. */
export const ARMING_MS_MAX = 7 * DAY_MS;

export type CampaignDecision =
  /** `others`: the campaigns that have been opened and have not ended. */
  | { readonly kind: 'open'; readonly others: readonly Campaign[] }
  /** null: no date; left out: it stays. */
  | { readonly kind: 'dates'; readonly suspendsAt?: Instant | null; readonly revokesAt?: Instant | null }
  | { readonly kind: 'arm'; readonly date: DateKind }
  | { readonly kind: 'release' }
  | { readonly kind: 'end' };

type DecisionFailure = Extract<OperationFailure, { readonly kind: 'not-found' | 'state-conflict' }>;
type Outcome<Value> = Result<Value, OperationFailure>;
type DecisionResult = Result<Change, DecisionFailure>;
type Change = { readonly changes: CampaignChanges; readonly cause: Omit<CampaignCause, 'actor' | 'at'> };

/**
 * What an approval of a decision is bound to. Progress is left out, because a campaign that works
 * on its cards would make each approval stale. The arming of a date concerns that date only.
 */
export function decidedColumns({ document, state, dates, lists }: Campaign, decision: CampaignDecision): Json {
  const concerned = decision.kind === 'arm' ? { [decision.date]: dates[decision.date] } : dates;
  return { document, state, dates: concerned, lists } as unknown as Json;
}

/** Returns what the decision changes, or why it is not possible. */
export function decideChange(
  { policy }: { readonly policy: Policy },
  campaign: Campaign,
  { decision, now }: { readonly decision: CampaignDecision; readonly now: Instant },
): DecisionResult {
  switch (decision.kind) {
    case 'open': {
      const state = decideCampaign(campaign.state, 'open');
      if (!state.ok) return state;
      const excess = capacityFault(policy, campaign, decision.others);
      if (excess !== null) return err({ kind: 'state-conflict', ...excess });
      return ok({
        changes: { state: state.value, stateAt: now },
        cause: { type: 'campaign.opened', topic: 'campaign.opened' },
      });
    }
    case 'dates':
      return decideDates(campaign, decision, now);
    case 'arm':
      return decideArming(campaign, decision.date, now);
    case 'release': {
      const action: CampaignAction = { kind: 'release', after: '', changed: 0 };
      if (campaign.state === 'draft' || campaign.state === 'preparing')
        return err({ kind: 'state-conflict', ...fault('campaign-nothing-suspended') });
      // A release takes the place of a suspension, but must not end a revocation half-way unseen.
      if (campaign.action?.kind === 'revoke') return err({ kind: 'state-conflict', ...fault('campaign-revoking') });
      return ok({
        changes: { action },
        cause: { type: 'campaign.release-decided', topic: 'campaign.release-decided' },
      });
    }
    case 'end': {
      const state = decideCampaign(campaign.state, 'end');
      if (!state.ok) return state;
      // A release goes on, because nobody should stay suspended by something that is over.
      const action = campaign.action?.kind === 'release' ? campaign.action : null;
      return ok({
        changes: { state: state.value, stateAt: now, action },
        cause: { type: 'campaign.ended', topic: 'campaign.ended' },
      });
    }
  }
}

/** A repeated request changes nothing. */
export async function controlCampaign(
  world: World,
  account: Account,
  { id, control }: { readonly id: string; readonly control: 'pause' | 'resume' },
): Promise<Outcome<Campaign>> {
  const permitted = decideAccess(account, 'run-campaigns', null);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction(async (tx): Promise<Outcome<Campaign>> => {
    const campaign = await tx.campaign(id);
    if (campaign === null) return err(notFound('no-campaign', { id }));
    const state = decideCampaign(campaign.state, control);
    if (!state.ok) return state;
    if (state.value === campaign.state) return ok(campaign);
    const { now } = await tx.databaseClock();
    const type = control === 'pause' ? 'campaign.paused' : 'campaign.resumed';
    return ok(
      await changeCampaign(tx, campaign, {
        changes: { state: state.value, stateAt: now },
        cause: { type, topic: type, actor: accountActor(account.id), at: now },
      }),
    );
  });
  return outcome.ok ? outcome.value : outcome;
}

/** A date that is moved is no longer armed. */
function decideDates(
  { state, dates }: Campaign,
  { suspendsAt, revokesAt }: Extract<CampaignDecision, { kind: 'dates' }>,
  now: Instant,
): DecisionResult {
  if (state === 'ended') return err({ kind: 'state-conflict', ...fault('campaign-ended', { state }) });
  const past = [
    { date: 'suspendsAt', at: suspendsAt },
    { date: 'revokesAt', at: revokesAt },
  ].find(({ at }) => typeof at === 'number' && at <= now);
  if (past !== undefined) return err({ kind: 'state-conflict', ...fault('date-in-future', { date: past.date }) });
  const moved = (present: CampaignDate | null, at: Instant | null | undefined): CampaignDate | null => {
    if (at === undefined || at === (present?.at ?? null)) return present;
    return at === null ? null : { at, armedAt: null, outcome: null };
  };
  return ok({
    changes: {
      dates: { suspension: moved(dates.suspension, suspendsAt), revocation: moved(dates.revocation, revokesAt) },
    },
    cause: { type: 'campaign.dates-set', topic: 'campaign.dates-set' },
  });
}

function decideArming({ state, dates }: Campaign, kind: DateKind, now: Instant): DecisionResult {
  if (state === 'ended') return err({ kind: 'state-conflict', ...fault('campaign-ended', { state }) });
  const date = dates[kind];
  if (date === null || date.at <= now) return err({ kind: 'state-conflict', ...fault('date-set', { date: kind }) });
  if (now < date.at - ARMING_MS_MAX)
    return err({ kind: 'state-conflict', ...fault('date-near', { date: kind, days: ARMING_MS_MAX / DAY_MS }) });
  return ok({
    changes: { dates: { ...dates, [kind]: { ...date, armedAt: now } } },
    cause: {
      type: 'campaign.armed',
      topic: 'campaign.armed',
      details: { date: kind, dateAt: date.at },
    },
  });
}
