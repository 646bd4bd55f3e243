/** Converts campaigns from and to the JSON of the API. */
import { formatInstant, type Instant, instantOrNull, parseInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import type { PendingAnswer } from '../../../operations/campaigns/pending.js';
import type { CampaignFigures } from '../../../operations/campaigns/read.js';
import type {
  Campaign,
  CampaignCard,
  CampaignDate,
  CampaignDocument,
  CampaignSelection,
  ClassSelection,
} from '../../../ports/store/cards/campaigns.js';

type SelectionBody = {
  readonly list?: true;
  readonly issuers?: readonly string[];
  readonly profiles?: readonly string[];
  readonly keyTypes?: readonly string[];
  readonly keyMadeFrom?: string;
  readonly keyMadeUntil?: string;
  readonly products?: readonly string[];
  readonly generations?: readonly string[];
  readonly appletBelow?: string;
};

type ClassBody = {
  readonly list?: true;
  readonly products?: readonly string[];
  readonly professions?: readonly string[];
};

/** The body of a request that creates a campaign, after validation. */
export type CampaignRequest = Pick<CampaignDocument, 'name' | 'reason' | 'fromSuspended' | 'channel'> & {
  readonly selection: SelectionBody;
  readonly classes: readonly {
    readonly name: string;
    readonly select?: ClassBody;
    readonly opensAt?: string;
    readonly capacityPerHour: number;
  }[];
  readonly supersede?: 'revoke' | 'let-end';
};

/**
 * Makes the campaign document that is stored. `attemptsMax`: from the policy; a card with more
 * failed updates than this goes to a service desk.
 */
export function documentOf(request: CampaignRequest, attemptsMax: number): CampaignDocument {
  const { name, reason, selection, classes, fromSuspended, channel, supersede = null } = request;
  return {
    name,
    reason,
    selection: selectionOf(selection),
    classes: classes.map(({ name: className, select, opensAt, capacityPerHour }) => ({
      name: className,
      select: classSelectionOf(select ?? {}),
      opensAt: instantOf(opensAt),
      capacityPerHour,
    })),
    fromSuspended,
    channel,
    supersede,
    attemptsMax,
  };
}

function selectionOf(selected: SelectionBody): CampaignSelection {
  if (selected.list === true) return { kind: 'list' };
  return {
    kind: 'criteria',
    issuers: selected.issuers ?? null,
    profiles: selected.profiles ?? null,
    keyTypes: selected.keyTypes ?? null,
    keyMadeFrom: instantOf(selected.keyMadeFrom),
    keyMadeUntil: instantOf(selected.keyMadeUntil),
    products: selected.products ?? null,
    generations: selected.generations ?? null,
    appletBelow: selected.appletBelow ?? null,
  };
}

function classSelectionOf({ list, products, professions }: ClassBody): ClassSelection {
  if (list === true) return { kind: 'list' };
  return { kind: 'criteria', products: products ?? null, professions: professions ?? null };
}

/** Parses a time, whose form the schema has checked; null: the request has none. */
function instantOf(written: string | undefined): Instant | null {
  return written === undefined ? null : parseInstant(written);
}

export function renderCampaign(campaign: Campaign): Json {
  const { id, state, stateAt, createdBy, createdAt, fixedAt, lists, dates, action } = campaign;
  return {
    id,
    state,
    stateAt: formatInstant(stateAt),
    createdBy,
    createdAt: formatInstant(createdAt),
    fixedAt: instantOrNull(fixedAt),
    lists,
    dates: { suspension: renderDate(dates.suspension), revocation: renderDate(dates.revocation) },
    action: action === null ? null : { kind: action.kind, changed: action.changed },
    request: renderDocument(campaign.document),
  };
}

function renderDate(date: CampaignDate | null): Json {
  if (date === null) return null;
  return { at: formatInstant(date.at), armedAt: instantOrNull(date.armedAt), outcome: date.outcome };
}

function renderDocument({ selection, classes, supersede, attemptsMax: _, ...document }: CampaignDocument): Json {
  return {
    ...document,
    selection: renderSelection(selection),
    classes: classes.map(({ name, select, opensAt, capacityPerHour }) => ({
      name,
      select: renderSelection(select),
      ...(opensAt === null ? {} : { opensAt: formatInstant(opensAt) }),
      capacityPerHour,
    })),
    ...(supersede === null ? {} : { supersede }),
  };
}

/**
 * Renders a selection as it was requested. A member that is null was left out of the request and is
 * left out here.
 */
function renderSelection(selection: CampaignSelection | ClassSelection): Json {
  if (selection.kind === 'list') return { list: true };
  const { kind: _, ...members } = selection;
  return Object.fromEntries(
    Object.entries(members)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'number' ? formatInstant(value) : (value as Json)]),
  );
}

export function renderFigures({ campaign, counts, classes }: CampaignFigures): Json {
  const isOfReader = ({ reader, middleware }: (typeof counts)[number]): boolean => reader !== '' || middleware !== '';
  return {
    id: campaign.id,
    state: campaign.state,
    cards: counts
      .filter((one) => !isOfReader(one) && one.count > 0)
      .map(({ class: className, state, reason, count }) => ({
        class: className,
        state,
        reason: reason === '' ? null : reason,
        count,
      })),
    classes: classes.map(({ nextPlaceAt, ...use }) => ({ ...use, nextPlaceAt: formatInstant(nextPlaceAt) })),
    readers: counts
      .filter(isOfReader)
      .map(({ class: className, state, reason, reader, middleware, count, ownMs, othersMs }) => ({
        class: className,
        state,
        reason: reason === '' ? null : reason,
        reader,
        middleware,
        count,
        ownMs: state === 'confirmed' ? Math.round(ownMs / count) : null,
        othersMs: state === 'confirmed' ? Math.round(othersMs / count) : null,
      })),
  };
}

export function renderCampaignCard(card: CampaignCard): Json {
  const { cardTokenId, class: className, state, reason, attempts, ticketFrom } = card;
  return { card: cardTokenId, class: className, state, reason, attempts, ticketFrom: instantOrNull(ticketFrom) };
}

export function renderPending({ now, next, update, campaign, ticket, deskReason }: PendingAnswer): Json {
  return {
    now: formatInstant(now),
    next,
    update,
    campaign:
      campaign === null
        ? null
        : { ...campaign, suspendsAt: instantOrNull(campaign.suspendsAt), revokesAt: instantOrNull(campaign.revokesAt) },
    ticket: ticket === null ? null : { from: formatInstant(ticket.from), until: formatInstant(ticket.until) },
    deskReason,
  };
}
