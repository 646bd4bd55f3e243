/** The form that creates a campaign with one class. The API creates those with several. */
import { DAY_MS, SECOND_MS } from '../../../kernel/duration.js';
import { err, ok } from '../../../kernel/result.js';
import { createCampaign } from '../../../operations/campaigns/create.js';
import type { CampaignDocument, CampaignSelection } from '../../../ports/store/cards/campaigns.js';
import { SUPERSEDE_WAYS } from '../../../ports/store/cards/card-updates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { violation } from '../../../texts/text.js';
import type { Field, Input, Option } from '../../fields.js';
import type { PageAction } from '../../page.js';
import { CAMPAIGN_CHANNEL_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { SUPERSEDE_LABELS } from '../../words/updates.js';
import type { CampaignsData } from './data.js';
import { CAMPAIGNS_PAGE_WORDS as WORDS } from './words.js';

type CampaignReason = CampaignDocument['reason'];

const REASONS = (Object.keys(REASON_LABELS) as readonly RevocationReason[]).filter(
  (reason): reason is CampaignReason => reason !== 'certificateHold',
);
const CHANNELS = Object.keys(CAMPAIGN_CHANNEL_LABELS) as readonly CampaignDocument['channel'][];

/** The criteria that are lists of names. */
const LISTS = ['issuers', 'profiles', 'keyTypes', 'products', 'generations'] as const;
const DAYS = ['keyMadeFrom', 'keyMadeUntil'] as const;

const FIELDS: readonly Field[] = [
  {
    kind: 'text',
    name: 'name',
    label: CAMPAIGN_WORDS.name,
    hint: WORDS.nameHint,
    isRequired: true,
    lengthMax: 64,
  },
  {
    kind: 'select',
    name: 'reason',
    label: CAMPAIGN_WORDS.reason,
    hint: WORDS.reasonHint,
    isRequired: true,
    value: 'superseded',
    options: REASONS.map((reason) => ({ value: reason, label: REASON_LABELS[reason] })),
  },
  {
    kind: 'choice',
    name: 'cards',
    label: WORDS.cardsBy,
    isRequired: true,
    value: 'criteria',
    options: [
      { value: 'criteria', label: WORDS.byCriteria, hint: WORDS.byCriteriaHint },
      { value: 'list', label: WORDS.byList, hint: WORDS.byListHint },
    ],
  },
  ...LISTS.map(
    (name): Field => ({
      kind: 'text',
      name,
      label: CAMPAIGN_WORDS[name],
      hint: WORDS.many,
      lengthMax: 400,
      pattern: { matches: /^[\w./-]+( *, *[\w./-]+)*$/, says: WORDS.onlyNames },
    }),
  ),
  ...DAYS.map((name): Field => ({ kind: 'date', name, label: CAMPAIGN_WORDS[name] })),
  {
    kind: 'text',
    name: 'appletBelow',
    label: CAMPAIGN_WORDS.appletBelow,
    hint: WORDS.versionHint,
    lengthMax: 23,
    pattern: { matches: /^\d{1,5}(\.\d{1,5}){0,3}$/, says: WORDS.versionHint },
  },
  {
    kind: 'text',
    name: 'class',
    label: WORDS.className,
    hint: WORDS.classHint,
    isRequired: true,
    value: 'all',
    lengthMax: 32,
    pattern: { matches: /^[a-z0-9-]{1,32}$/, says: WORDS.classHint },
  },
  {
    kind: 'number',
    name: 'capacity',
    label: CAMPAIGN_WORDS.capacity,
    isRequired: true,
    min: 1,
    max: 1_000_000,
  },
  {
    kind: 'choice',
    name: 'channel',
    label: CAMPAIGN_WORDS.channel,
    isRequired: true,
    value: 'any',
    options: CHANNELS.map((value): Option => ({ value, label: CAMPAIGN_CHANNEL_LABELS[value] })),
  },
  { kind: 'check', name: 'fromSuspended', label: CAMPAIGN_WORDS.fromSuspended },
  {
    kind: 'select',
    name: 'supersede',
    label: CAMPAIGN_WORDS.supersede,
    options: SUPERSEDE_WAYS.map((value) => ({ value, label: SUPERSEDE_LABELS[value] })),
  },
];

export const CREATE: PageAction<CampaignsData> = {
  id: 'create',
  label: WORDS.create,
  action: 'run-campaigns',
  isOffered: () => true,
  // A new campaign has no earlier state; the name of a live campaign is not given twice.
  version: () => 'new',
  fields: () => FIELDS,
  review: async (_data, input) => {
    const selection = selectionOf(input);
    if (selection.kind === 'criteria' && !hasCriterion(selection))
      return err({ kind: 'invalid-request', ...violation('/selection', 'selection-criterion') });
    return ok({
      summary: filled(input.cards === 'list' ? WORDS.willDraft : WORDS.willPrepare, { name: input.name ?? '' }),
      consequences: [WORDS.nothingYet, WORDS.noDates],
      isReversible: true,
    });
  },
  perform: async ({ world }, { account }, { input }) => {
    const { attemptsMax } = world.policy.environment.updates;
    const created = await createCampaign(world, account, { document: documentOf(input, attemptsMax) });
    return created.ok ? ok({ path: `/console/campaigns/${created.value.id}`, query: { done: 'create' } }) : created;
  },
};

/** `attemptsMax`: from the policy. The fields were checked. */
export function documentOf(input: Input, attemptsMax: number): CampaignDocument {
  const { name = '', capacity = '', fromSuspended } = input;
  return {
    name,
    reason: REASONS.find((reason) => reason === input.reason) ?? 'unspecified',
    selection: selectionOf(input),
    classes: [
      {
        name: input.class ?? '',
        select: input.cards === 'list' ? { kind: 'list' } : { kind: 'criteria', products: null, professions: null },
        opensAt: null,
        capacityPerHour: Number(capacity),
      },
    ],
    fromSuspended: fromSuspended === 'yes',
    channel: CHANNELS.find((channel) => channel === input.channel) ?? 'secure-messaging',
    supersede: SUPERSEDE_WAYS.find((way) => way === input.supersede) ?? null,
    attemptsMax,
  };
}

function selectionOf(input: Input): CampaignSelection {
  if (input.cards === 'list') return { kind: 'list' };
  const { keyMadeFrom, keyMadeUntil, appletBelow = null } = input;
  const names = (field: (typeof LISTS)[number]): readonly string[] | null =>
    input[field] === undefined ? null : [...new Set(input[field].split(',').map((one) => one.trim()))];
  return {
    kind: 'criteria',
    issuers: names('issuers'),
    profiles: names('profiles'),
    keyTypes: names('keyTypes'),
    products: names('products'),
    generations: names('generations'),
    keyMadeFrom: keyMadeFrom === undefined ? null : startOf(keyMadeFrom),
    // The whole of the last day.
    keyMadeUntil: keyMadeUntil === undefined ? null : startOf(keyMadeUntil) + DAY_MS - SECOND_MS,
    appletBelow,
  };
}

function hasCriterion({ kind: _, ...criteria }: Extract<CampaignSelection, { kind: 'criteria' }>): boolean {
  return Object.values(criteria).some((criterion) => criterion !== null);
}

function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
