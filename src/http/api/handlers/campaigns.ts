/**
 * Handlers of campaigns: what one officer can do alone, what can be read, and what a card should do
 * next.
 */
import { parseInstant } from '../../../kernel/clock.js';
import { HOUR_MS } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import { membersOf } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import { createCampaign } from '../../../operations/campaigns/create.js';
import { controlCampaign } from '../../../operations/campaigns/decide.js';
import { sendCardToDesk } from '../../../operations/campaigns/desk.js';
import { readOwnPending, readPending } from '../../../operations/campaigns/pending.js';
import {
  listCampaigns,
  readCampaign,
  readCampaignCards,
  readCampaignCounts,
} from '../../../operations/campaigns/read.js';
import type {
  Campaign,
  CampaignCard,
  CampaignCardState,
  CampaignState,
  DeskReason,
} from '../../../ports/store/cards/campaigns.js';
import {
  type CampaignRequest,
  documentOf,
  renderCampaign,
  renderCampaignCard,
  renderFigures,
  renderPending,
} from '../campaigns/render.js';
import type { Handler, JsonLines, PrincipalHandler } from '../handler.js';
import { pageLimit } from './certificates.js';

export const postCampaign: Handler = async ({ world }, { account, body, idempotency }) => {
  const document = documentOf(body as CampaignRequest, world.policy.environment.updates.attemptsMax);
  return renderResult(await createCampaign(world, account, { document, idempotency }));
};

export const getCampaigns: Handler = async ({ world }, { account, query }) => {
  const { state, limit, cursor = null } = query;
  // The schema has checked the state and the cursor.
  const filter = { state: state as CampaignState | undefined, limit: pageLimit(limit), before: cursor };
  const page = await listCampaigns(world, account, filter);
  if (!page.ok) return page;
  return ok({ campaigns: page.value.campaigns.map(renderCampaign), nextCursor: page.value.next });
};

export const getCampaign: Handler = async ({ world }, { account, params }) =>
  renderResult(await readCampaign(world, account, params.id ?? ''));

const control =
  (kind: 'pause' | 'resume'): Handler =>
  async ({ world }, { account, params }) =>
    renderResult(await controlCampaign(world, account, { id: params.id ?? '', control: kind }));

export const postCampaignPause = control('pause');
export const postCampaignResumption = control('resume');

export const getCampaignCounts: Handler = async ({ world }, { account, params }) => {
  const figures = await readCampaignCounts(world, account, params.id ?? '');
  return figures.ok ? ok(renderFigures(figures.value)) : figures;
};

export const getCampaignCards: Handler = async ({ world }, { account, params, query }) => {
  const pages = await readCampaignCards(world, account, {
    id: params.id ?? '',
    state: query.state as CampaignCardState | undefined,
    reason: query.reason as DeskReason | undefined,
  });
  return pages.ok ? ok(cardLines(pages.value)) : pages;
};

/**
 * Yields the cards, one per line. The HTTP status is already fixed when the first page is read, so
 * a failure can only close the connection.
 */
async function* cardLines(pages: AsyncIterable<Result<readonly CampaignCard[], { readonly kind: string }>>): JsonLines {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`cards of a campaign: ${page.error.kind}`);
    if (page.value.length > 0) yield page.value.map((card) => JSON.stringify(renderCampaignCard(card))).join('\n');
  }
}

export const postCardToDesk: Handler = async ({ world }, { account, params }) => {
  const { id = '', tokenId = '' } = params;
  const sent = await sendCardToDesk(world, account, { id, cardTokenId: tokenId });
  return sent.ok ? ok(renderCampaignCard(sent.value)) : sent;
};

export const getPending: PrincipalHandler = async ({ world }, { principal, params }) => {
  const card = params.tokenId ?? '';
  const pending = await (principal.kind === 'account'
    ? readPending(world, principal.account, card)
    : readOwnPending(world, principal, card));
  return pending.ok ? ok(renderPending(pending.value)) : pending;
};

/**
 * How many seconds clients may cache the answer to a card that has no place. `none`: it has nothing
 * to do. `waits`: it waits for its campaign. `isIssued`: its update waits for its certificates.
 */
const FRESH_SECONDS = { none: 3_600, waits: 60, isIssued: 1 } as const;

/**
 * Returns Cache-Control for the answer about what a card should do next. It is `private`, because
 * the answer is about one card and shared caches must not store it.
 */
export function freshnessOfPending(answer: Json): string {
  return `private, max-age=${freshSeconds(answer)}`;
}

function freshSeconds(answer: Json): number {
  const { next, now, ticket, update } = membersOf(answer);
  if (next === 'none') return FRESH_SECONDS.none;
  if (next !== 'wait') return 0;
  const from = parseInstant(String(membersOf(ticket).from));
  const asked = parseInstant(String(now));
  if (from === null || asked === null) return update === null ? FRESH_SECONDS.waits : FRESH_SECONDS.isIssued;
  return Math.max(0, Math.floor(Math.min(from - asked, HOUR_MS) / 1_000));
}

function renderResult<Failure>(campaign: Result<Campaign, Failure>): Result<Json, Failure> {
  return campaign.ok ? ok(renderCampaign(campaign.value)) : campaign;
}
