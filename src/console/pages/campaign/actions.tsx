/** Two officers decide about a campaign; one officer may pause and resume it. */
import type { ApprovalSubject } from '../../../approvals/statement.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import { formatInstant, type Instant, instantOrNull } from '../../../kernel/clock.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { ApprovalAction } from '../../../operations/approvals/action.js';
import type { ActionName } from '../../../operations/approvals/actions.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import {
  armCampaignDate,
  endCampaign,
  openCampaign,
  releaseCampaign,
  setCampaignDates,
} from '../../../operations/campaigns/approved.js';
import { controlCampaign } from '../../../operations/campaigns/decide.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { World } from '../../../operations/world.js';
import type { Account } from '../../../ports/store/accounts.js';
import { type CampaignDate, DATE_KINDS, type DateKind } from '../../../ports/store/cards/campaigns.js';
import { violation } from '../../../texts/text.js';
import type { Field, Input } from '../../fields.js';
import type { ActionOutcome, PageAction, Review } from '../../page.js';
import { ACTION_WORDS } from '../../words/approvals.js';
import { DATE_LABELS } from '../../words/campaigns.js';
import { filled } from '../../words/filled.js';
import { timeWords } from '../../words/times.js';
import { CardSample } from './card-sample.js';
import { armableDates, type CampaignData, cardCounts, isAsked, sumOf } from './data.js';
import { CAMPAIGN_PAGE_WORDS as WORDS } from './words.js';

/**
 * Progress of the cards is left out: it would make each form stale. The time of the state tells a
 * campaign that was paused again since from one that was not.
 */
function versionOf({ campaign: { id, state, stateAt, dates } }: CampaignData): string {
  return JSON.stringify([id, state, stateAt, dates]);
}

/** Stores the request, and leads to the page on which the second officer approves it. */
async function ask<Subject extends ApprovalSubject>(
  world: World,
  action: ApprovalAction<Subject>,
  asked: { readonly account: Account; readonly subject: Subject },
): Promise<Result<ActionOutcome, OperationFailure>> {
  const requested = await requestApproval(world, action, asked);
  if (!requested.ok) return requested;
  return ok({ path: `/console/approvals/${requested.value.id}`, query: { done: 'request' } });
}

/** What the second officer will execute. Whoever decides about many cards types their number. */
function reviewOf(data: CampaignData, name: ActionName, more: readonly Bilingual[] = []): Review {
  const { effect, isReversible } = ACTION_WORDS[name];
  const count = sumOf(cardCounts(data));
  return {
    summary: filled(WORDS.willAsk, { action: ACTION_WORDS[name].name }),
    consequences: [...more, effect, filled(WORDS.aboutCards, { count: String(count) })],
    isReversible,
    typed: String(count),
    sample: <CardSample cards={data.sample} />,
  };
}

type PlainDecision = {
  readonly id: string;
  readonly label: Bilingual;
  readonly name: ActionName;
  readonly approval: typeof openCampaign;
  readonly isPossible: (data: CampaignData) => boolean;
};

function decision({ id, label, name, approval, isPossible }: PlainDecision): PageAction<CampaignData> {
  return {
    id,
    label,
    action: 'run-campaigns',
    isOffered: (data) => isPossible(data) && !isAsked(data, name),
    version: versionOf,
    fields: () => [],
    review: (data) => reviewOf(data, name),
    perform: ({ world }, { account }, { data: { campaign } }) =>
      ask(world, approval, { account, subject: { campaign: campaign.id } }),
  };
}

const OPEN = decision({
  id: 'open',
  label: WORDS.open,
  name: 'campaign.open',
  approval: openCampaign,
  isPossible: ({ campaign: { state } }) => state === 'ready',
});

const RELEASE = decision({
  id: 'release',
  label: WORDS.release,
  name: 'campaign.release',
  approval: releaseCampaign,
  isPossible: ({ campaign: { dates, action } }) =>
    dates.suspension?.outcome === 'acted' && (action === null || action.kind !== 'release'),
});

const END: PageAction<CampaignData> = {
  ...decision({
    id: 'end',
    label: WORDS.end,
    name: 'campaign.end',
    approval: endCampaign,
    isPossible: ({ campaign: { state } }) => state !== 'ended',
  }),
  tone: 'danger',
};

const NAMES = { suspension: 'suspendsAt', revocation: 'revokesAt' } as const;

function dayOf(date: CampaignDate | null): string {
  return date === null ? '' : formatInstant(date.at).slice(0, 10);
}

/** The dates whose days the form has changed; null: there is to be none. */
export function movedDates(
  { campaign: { dates } }: Pick<CampaignData, 'campaign'>,
  input: Input,
): readonly { readonly kind: DateKind; readonly to: Instant | null }[] {
  return DATE_KINDS.flatMap((kind) => {
    const day = input[NAMES[kind]] ?? '';
    if (day === dayOf(dates[kind])) return [];
    return [{ kind, to: day === '' ? null : Date.parse(`${day}T00:00:00Z`) }];
  });
}

function written(at: Instant | null): Bilingual {
  return at === null ? WORDS.noDate : timeWords(at);
}

const SET_DATES: PageAction<CampaignData> = {
  id: 'dates',
  label: WORDS.setDates,
  action: 'run-campaigns',
  isOffered: (data) => data.campaign.state !== 'ended' && !isAsked(data, 'campaign.dates'),
  version: versionOf,
  fields: ({ campaign: { dates } }) =>
    DATE_KINDS.map((kind): Field => {
      const name = NAMES[kind];
      return { kind: 'date', name, label: WORDS[name], hint: WORDS.dayHint, value: dayOf(dates[kind]) };
    }),
  review: async (data, input) => {
    const moved = movedDates(data, input);
    if (moved.length === 0) return err({ kind: 'invalid-request', ...violation('/suspendsAt', 'date-moves') });
    const moves = moved.map(({ kind, to }) =>
      filled(WORDS.moves, {
        date: DATE_LABELS[kind],
        from: written(data.campaign.dates[kind]?.at ?? null),
        to: written(to),
      }),
    );
    return ok(reviewOf(data, 'campaign.dates', moves));
  },
  perform: ({ world }, { account }, { data, input }) => {
    const moved = movedDates(data, input).map(({ kind, to }) => [NAMES[kind], instantOrNull(to)]);
    const subject = { campaign: data.campaign.id, ...Object.fromEntries(moved) };
    return ask(world, setCampaignDates, { account, subject });
  },
};

const ARM: PageAction<CampaignData> = {
  id: 'arm',
  label: WORDS.arm,
  action: 'run-campaigns',
  tone: 'danger',
  isOffered: (data) => armableDates(data).length > 0,
  version: versionOf,
  fields: (data) => [
    {
      kind: 'choice',
      name: 'date',
      label: WORDS.which,
      isRequired: true,
      options: armableDates(data).map((kind) => ({ value: kind, label: DATE_LABELS[kind] })),
    },
  ],
  review: (data, { date }) => {
    const kind = kindOf(date);
    const at = data.campaign.dates[kind]?.at ?? null;
    return reviewOf(data, 'campaign.arm', [filled(WORDS.willAct, { date: DATE_LABELS[kind], at: written(at) })]);
  },
  perform: ({ world }, { account }, { data: { campaign }, input: { date } }) =>
    ask(world, armCampaignDate, { account, subject: { campaign: campaign.id, date: kindOf(date) } }),
};

function kindOf(date: string | undefined): DateKind {
  return date === 'revocation' ? 'revocation' : 'suspension';
}

const CONTROLS = {
  pause: {
    label: WORDS.pause,
    from: 'open',
    summary: WORDS.willPause,
    consequences: [WORDS.pauseMeans, WORDS.pauseDates],
  },
  resume: { label: WORDS.resume, from: 'paused', summary: WORDS.willResume, consequences: [WORDS.resumeMeans] },
} as const;

function control(id: keyof typeof CONTROLS): PageAction<CampaignData> {
  const { label, from, summary, consequences } = CONTROLS[id];
  return {
    id,
    label,
    action: 'run-campaigns',
    isOffered: ({ campaign: { state } }) => state === from,
    version: versionOf,
    fields: () => [],
    review: ({ campaign: { document } }) => ({
      summary: filled(summary, { name: document.name }),
      consequences,
      isReversible: true,
    }),
    perform: async ({ world }, { account }, { data: { campaign } }) => {
      const changed = await controlCampaign(world, account, { id: campaign.id, control: id });
      return changed.ok ? ok({ query: { done: id } }) : changed;
    },
  };
}

export const CAMPAIGN_ACTIONS: readonly PageAction<CampaignData>[] = [
  OPEN,
  control('pause'),
  control('resume'),
  SET_DATES,
  ARM,
  RELEASE,
  END,
];
