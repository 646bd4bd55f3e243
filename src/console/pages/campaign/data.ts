/** What the page of a campaign shows. */
import type { Instant } from '../../../kernel/clock.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { ActionName } from '../../../operations/approvals/actions.js';
import { readOpenApprovals } from '../../../operations/approvals/read.js';
import { ARMING_MS_MAX } from '../../../operations/campaigns/decide.js';
import { type CampaignFigures, listCampaignCards, readCampaignCounts } from '../../../operations/campaigns/read.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import {
  CAMPAIGN_CARD_STATES,
  type CampaignCard,
  type CampaignCardState,
  type CampaignCount,
  DATE_KINDS,
  type DateKind,
} from '../../../ports/store/cards/campaigns.js';
import type { Approval } from '../../../ports/store/officers/approvals.js';
import type { PageRequest } from '../../page.js';

export type CampaignData = CampaignFigures & {
  /** The approvals about the campaign that wait for their second officer. */
  readonly openApprovals: readonly Approval[];
  /** Some of its cards, for the officers who decide about all of them. */
  readonly sample: readonly CampaignCard[];
  readonly now: Instant;
};

const SAMPLE_SIZE = 5;
const DECISIONS = ['campaign.open', 'campaign.dates', 'campaign.release', 'campaign.end'] as const;

export async function loadCampaign(
  { world }: ServingContext,
  { account, params: { id = '' } }: PageRequest,
): Promise<Result<CampaignData, OperationFailure>> {
  const figures = await readCampaignCounts(world, account, id);
  if (!figures.ok) return figures;
  const open = await readOpenApprovals(world, account, [
    ...DECISIONS.map((action) => ({ action, subjectKey: id })),
    ...DATE_KINDS.map((date) => ({ action: 'campaign.arm', subjectKey: `${id}/${date}` })),
  ]);
  if (!open.ok) return open;
  const sample = await listCampaignCards(world, account, { id, after: '', limit: SAMPLE_SIZE });
  if (!sample.ok) return sample;
  return ok({ ...figures.value, openApprovals: open.value, sample: sample.value.cards, now: world.clock() });
}

export function isAsked({ openApprovals }: CampaignData, action: ActionName): boolean {
  return openApprovals.some((approval) => approval.action === action);
}

/** The dates that two officers may arm now. */
export function armableDates({ campaign: { state, dates }, openApprovals, now }: CampaignData): readonly DateKind[] {
  if (state === 'ended') return [];
  return DATE_KINDS.filter((kind) => {
    const date = dates[kind];
    const isNear = date !== null && date.at > now && now >= date.at - ARMING_MS_MAX;
    const isWaiting = openApprovals.some(({ subjectKey }) => subjectKey.endsWith(`/${kind}`));
    return isNear && date.armedAt === null && !isWaiting;
  });
}

/** The counts of cards, without those of readers. */
export function cardCounts({ counts }: Pick<CampaignData, 'counts'>): readonly CampaignCount[] {
  return counts.filter(({ reader, middleware, count }) => reader === '' && middleware === '' && count > 0);
}

export function sumOf(counts: readonly CampaignCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

type ClassCounts = { readonly class: string } & Readonly<Record<CampaignCardState | 'total', number>>;

/** How many cards of each class are in each state. Every class has a row. */
export function countsByClass(data: Pick<CampaignData, 'campaign' | 'counts'>): readonly ClassCounts[] {
  const counts = cardCounts(data);
  return data.campaign.document.classes.map(({ name }) => {
    const own = counts.filter((count) => count.class === name);
    const states = CAMPAIGN_CARD_STATES.map((state) => [state, sumOf(own.filter((one) => one.state === state))]);
    return { class: name, total: sumOf(own), ...Object.fromEntries(states) } as ClassCounts;
  });
}
