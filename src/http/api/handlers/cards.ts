import { formatInstant, instantOrNull } from '../../../kernel/clock.js';
import { parseDuration } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import { err, ok } from '../../../kernel/result.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import { deskReasonsOf } from '../../../operations/cards/desk-reasons.js';
import { listCards, readCard, readHolder, readOwnCard } from '../../../operations/cards/read-cards.js';
import { replaceCard } from '../../../operations/cards/replace-card.js';
import { reportCapabilities } from '../../../operations/cards/report-capabilities.js';
import { unbarHolder } from '../../../operations/cards/unbar-holder.js';
import type { World } from '../../../operations/world.js';
import { CEILINGS } from '../../../policy/ceilings.js';
import type { CampaignCard } from '../../../ports/store/cards/campaigns.js';
import type { CardCapabilities, CardState, OpenProcedure, StoredCard } from '../../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import { violation } from '../../../texts/text.js';
import type { Handler, PrincipalHandler } from '../handler.js';
import { renderCertificate } from '../render.js';
import { renderUpdateRow } from '../render-updates.js';
import { renderRequestedApproval } from './approvals.js';
import { pageLimit } from './certificates.js';

export const getCard: PrincipalHandler = async ({ world }, { principal, params }) => {
  const card = params.tokenId ?? '';
  const found = await (principal.kind === 'account'
    ? readCard(world, principal.account, card)
    : readOwnCard(world, principal, card));
  if (!found.ok) return found;
  const { certificates, procedure, updates, campaign } = found.value;
  return ok({
    ...renderCard(world, found.value),
    certificates: certificates.map((record) => renderCertificate(world, record)),
    procedure: procedure === null ? null : renderProcedure(procedure),
    updates: updates.map(renderUpdateRow),
    campaign: campaign === null ? null : renderCampaign(campaign),
  });
};

export const getCards: Handler = async ({ world }, { account, query }) => {
  const page = await listCards(world, account, {
    state: (query.state ?? null) as CardState | null,
    holderId: query.holder ?? null,
    after: query.cursor ?? '',
    limit: pageLimit(query.limit),
  });
  if (!page.ok) return page;
  const cards = page.value.cards.map((card) => renderCard(world, card));
  return ok({ cards, nextCursor: page.value.next });
};

export const postCapabilities: Handler = async ({ world }, { account, params, body }) => {
  const capabilities = body as Omit<CardCapabilities, 'reportedAt' | 'reportedBy'>;
  const reported = await reportCapabilities(world, params.tokenId ?? '', { account, capabilities });
  return reported.ok ? ok(renderCard(world, reported.value)) : reported;
};

export const postReplacement: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { tokenId: by, overlap } = body as { readonly tokenId: string; readonly overlap: string };
  const parsed = parseDuration(overlap);
  if (!parsed.ok || parsed.value > CEILINGS.overlapMsMax)
    return err({ kind: 'invalid-request', ...violation('/overlap', 'overlap-bounds') });
  const replacement = { account, by, overlapMs: parsed.value, idempotency };
  const replaced = await replaceCard(world, params.tokenId ?? '', replacement);
  return replaced.ok ? ok(renderCard(world, { card: replaced.value, certificates: [] })) : replaced;
};

export const getHolder: Handler = async ({ world }, { account, params }) => {
  const found = await readHolder(world, account, params.idNat ?? '');
  if (!found.ok) return found;
  const { holderId, record, cards, procedures } = found.value;
  return ok({
    holder: holderId,
    state: record?.state ?? 'free',
    stateAt: record === null ? null : formatInstant(record.stateAt),
    cards: cards.map((card) => renderCard(world, card)),
    procedures: procedures.map(renderProcedure),
  });
};

export const deleteBar: Handler = async ({ world }, { account, params, query }) => {
  const subject = { holder: params.idNat ?? '', reason: query.reason ?? '' };
  return renderRequestedApproval(world, await requestApproval(world, unbarHolder, { account, subject }));
};

type CardWithProfiles = {
  readonly card: StoredCard;
  readonly certificates: readonly Pick<CertificateRecord, 'profile'>[];
};

export function renderCard(world: World, visible: CardWithProfiles): { readonly [member: string]: Json } {
  const { tokenId, product, holderId, profession, state, stateAt, reason, capabilities } = visible.card;
  return {
    tokenId,
    product,
    holder: holderId,
    profession,
    state,
    stateAt: formatInstant(stateAt),
    reason,
    replacement: renderReplacement(visible.card),
    capabilities: capabilities === null ? null : renderCapabilities(world, visible, capabilities),
  };
}

function renderReplacement({ replacedBy, replacedUntil }: StoredCard): Json {
  if (replacedBy === null) return null;
  return { tokenId: replacedBy, until: instantOrNull(replacedUntil) };
}

function renderCapabilities(world: World, { certificates }: CardWithProfiles, capabilities: CardCapabilities): Json {
  const { generation, applet, keyTypes, spareContainers, reportedAt, reportedBy } = capabilities;
  return {
    generation,
    applet,
    keyTypes,
    spareContainers,
    reportedAt: formatInstant(reportedAt),
    reportedBy,
    deskReasons: deskReasonsOf(world, certificates, capabilities),
  };
}

function renderCampaign({ campaignId: id, class: className, state, reason }: CampaignCard): Json {
  return { id, class: className, state, reason };
}

export function renderProcedure({ kind, reference, profession, openedAt }: OpenProcedure): Json {
  return { kind, reference, profession: profession === '' ? null : profession, openedAt: formatInstant(openedAt) };
}
