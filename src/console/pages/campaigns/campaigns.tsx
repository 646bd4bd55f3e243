import { DAY_MS, SECOND_MS } from '../../../kernel/duration.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { createCampaign } from '../../../operations/campaigns/create.js';
import { listCampaigns } from '../../../operations/campaigns/read.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import {
  CAMPAIGN_STATES,
  type Campaign,
  type CampaignDate,
  type CampaignDocument,
  type CampaignSelection,
} from '../../../ports/store/cards/campaigns.js';
import { SUPERSEDE_WAYS } from '../../../ports/store/cards/card-updates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { violation } from '../../../texts/text.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part, Stored } from '../../components/text.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import type { Field, Input, Option } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageAction, type PageRequest } from '../../page.js';
import { useUi } from '../../ui.js';
import { CAMPAIGN_CHANNEL_LABELS, CAMPAIGN_STATE_LABELS, CAMPAIGN_WORDS } from '../../words/campaigns.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { SUPERSEDE_LABELS } from '../../words/updates.js';
import type { Words } from '../../words/words.js';

export const CAMPAIGNS_PAGE_WORDS = {
  list: { fr: 'Liste des campagnes', en: 'List of campaigns' },
  caption: { fr: 'Campagnes, la plus récente en premier', en: 'Campaigns, newest first' },
  empty: {
    fr: 'Aucune campagne. Un officier en crée une avec le bouton « Créer une campagne ».',
    en: 'No campaigns. An officer creates one with the button "Create a campaign".',
  },
  suspension: { fr: 'Suspension', en: 'Suspension' },
  revocation: { fr: 'Révocation', en: 'Revocation' },
  create: { fr: 'Créer une campagne', en: 'Create a campaign' },
  nameHint: {
    fr: 'Sans donnée personnelle. Deux campagnes en cours ne portent pas le même nom.',
    en: 'Without personal data. No two campaigns that have not ended have the same name.',
  },
  reasonHint: {
    fr: 'Celui que donnera une révocation par la campagne.',
    en: 'The one that a revocation by the campaign gives.',
  },
  cardsBy: { fr: 'Quelles cartes ?', en: 'Which cards?' },
  byCriteria: { fr: 'Celles que des critères choisissent', en: 'Those that criteria select' },
  byCriteriaHint: {
    fr: 'Tous les critères donnés doivent convenir à un même certificat de la carte, ou à la carte.',
    en: 'All criteria that are given must fit one certificate of the card, or the card itself.',
  },
  byList: { fr: "Celles d'une liste", en: 'Those of a list' },
  byListHint: {
    fr: "La campagne reste un brouillon jusqu'à l'envoi de la liste, sur sa page ou par l'API.",
    en: 'The campaign stays a draft until its list is sent, on its page or through the API.',
  },
  many: {
    fr: 'Plusieurs valeurs sont séparées par des virgules.',
    en: 'Several values are separated by commas.',
  },
  versionHint: { fr: 'Par exemple 4.2.1', en: 'For example 4.2.1' },
  className: { fr: 'Nom de la classe', en: 'Name of the class' },
  classHint: {
    fr: "Minuscules, chiffres et traits d'union. L'API crée des campagnes de plusieurs classes.",
    en: 'Lower-case letters, digits and hyphens. The API creates campaigns with several classes.',
  },
  onlyNames: {
    fr: "Lettres, chiffres, points, barres et traits d'union, séparés par des virgules.",
    en: 'Letters, digits, dots, slashes and hyphens, separated by commas.',
  },
  willPrepare: {
    fr: 'La campagne « {name} » est créée, et sa population est constituée aussitôt.',
    en: 'The campaign "{name}" is created, and its population is written at once.',
  },
  willDraft: {
    fr: 'La campagne « {name} » est créée comme brouillon et attend sa liste.',
    en: 'The campaign "{name}" is created as a draft and waits for its list.',
  },
  nothingYet: {
    fr: 'Aucune carte ne commence avant que deux officiers ouvrent la campagne.',
    en: 'No card begins before two officers open the campaign.',
  },
  noDates: {
    fr: "Rien n'est suspendu ni révoqué : les dates sont fixées et armées plus tard, par deux officiers.",
    en: 'Nothing is suspended or revoked: the dates are set and armed later, by two officers.',
  },
} as const satisfies Words;

export type CampaignsData = {
  readonly campaigns: readonly Campaign[];
  /** The campaign after which the next page begins; null: there is none. */
  readonly next: string | null;
};

export async function loadCampaigns(
  { world }: ServingContext,
  { account, query }: PageRequest,
): Promise<Result<CampaignsData, OperationFailure>> {
  const before = cursorOf(query.cursor);
  if (!before.ok) return before;
  const state = CAMPAIGN_STATES.find((one) => one === query.state);
  return listCampaigns(world, account, { state, limit: PAGE_SIZE, before: before.value });
}

/** The form that creates a campaign with one class. The API creates those with several. */

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
    hint: CAMPAIGNS_PAGE_WORDS.nameHint,
    isRequired: true,
    lengthMax: 64,
  },
  {
    kind: 'select',
    name: 'reason',
    label: CAMPAIGN_WORDS.reason,
    hint: CAMPAIGNS_PAGE_WORDS.reasonHint,
    isRequired: true,
    value: 'superseded',
    options: REASONS.map((reason) => ({ value: reason, label: REASON_LABELS[reason] })),
  },
  {
    kind: 'choice',
    name: 'cards',
    label: CAMPAIGNS_PAGE_WORDS.cardsBy,
    isRequired: true,
    value: 'criteria',
    options: [
      { value: 'criteria', label: CAMPAIGNS_PAGE_WORDS.byCriteria, hint: CAMPAIGNS_PAGE_WORDS.byCriteriaHint },
      { value: 'list', label: CAMPAIGNS_PAGE_WORDS.byList, hint: CAMPAIGNS_PAGE_WORDS.byListHint },
    ],
  },
  ...LISTS.map(
    (name): Field => ({
      kind: 'text',
      name,
      label: CAMPAIGN_WORDS[name],
      hint: CAMPAIGNS_PAGE_WORDS.many,
      lengthMax: 400,
      pattern: { matches: /^[\w./-]+( *, *[\w./-]+)*$/, says: CAMPAIGNS_PAGE_WORDS.onlyNames },
    }),
  ),
  ...DAYS.map((name): Field => ({ kind: 'date', name, label: CAMPAIGN_WORDS[name] })),
  {
    kind: 'text',
    name: 'appletBelow',
    label: CAMPAIGN_WORDS.appletBelow,
    hint: CAMPAIGNS_PAGE_WORDS.versionHint,
    lengthMax: 23,
    pattern: { matches: /^\d{1,5}(\.\d{1,5}){0,3}$/, says: CAMPAIGNS_PAGE_WORDS.versionHint },
  },
  {
    kind: 'text',
    name: 'class',
    label: CAMPAIGNS_PAGE_WORDS.className,
    hint: CAMPAIGNS_PAGE_WORDS.classHint,
    isRequired: true,
    value: 'all',
    lengthMax: 32,
    pattern: { matches: /^[a-z0-9-]{1,32}$/, says: CAMPAIGNS_PAGE_WORDS.classHint },
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
  label: CAMPAIGNS_PAGE_WORDS.create,
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
      summary: filled(input.cards === 'list' ? CAMPAIGNS_PAGE_WORDS.willDraft : CAMPAIGNS_PAGE_WORDS.willPrepare, {
        name: input.name ?? '',
      }),
      consequences: [CAMPAIGNS_PAGE_WORDS.nothingYet, CAMPAIGNS_PAGE_WORDS.noDates],
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

const STATE_FIELD: Field = {
  kind: 'select',
  name: 'state',
  label: CAMPAIGN_WORDS.state,
  options: CAMPAIGN_STATES.map((state) => ({ value: state, label: CAMPAIGN_STATE_LABELS[state].label })),
};

/** All campaigns: what they are about, and where they stand. */
export const CAMPAIGNS_PAGE = definePage<CampaignsData>({
  id: 'campaigns',
  path: '/console/campaigns',
  name: CAMPAIGN_WORDS.many,
  section: 'cards',
  opensFor: ['read-campaigns'],
  query: ['state', 'cursor'],
  load: loadCampaigns,
  view: (data) => <Campaigns {...data} />,
  actions: [CREATE],
});

function Campaigns({ campaigns, next }: CampaignsData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(CAMPAIGN_WORDS.many)}>
      <Filter fields={[STATE_FIELD]} input={{ state: query.state ?? '' }} />
      <Part id="list" title={CAMPAIGNS_PAGE_WORDS.list} isLive>
        <Table
          caption={CAMPAIGNS_PAGE_WORDS.caption}
          rows={campaigns}
          rowKey={({ id }) => id}
          empty={CAMPAIGNS_PAGE_WORDS.empty}
          columns={[
            {
              label: CAMPAIGN_WORDS.name,
              cell: ({ id, document }) => (
                <Link to={`/console/campaigns/${id}`}>
                  <Stored>{document.name}</Stored>
                </Link>
              ),
            },
            { label: CAMPAIGN_WORDS.state, cell: ({ state }) => <Badge {...CAMPAIGN_STATE_LABELS[state]} /> },
            { label: CAMPAIGN_WORDS.createdAt, cell: ({ createdAt }) => <Day at={createdAt} /> },
            { label: CAMPAIGN_WORDS.createdBy, cell: ({ createdBy }) => <Code>{createdBy}</Code> },
            { label: CAMPAIGNS_PAGE_WORDS.suspension, cell: ({ dates }) => <DateCell date={dates.suspension} /> },
            { label: CAMPAIGNS_PAGE_WORDS.revocation, cell: ({ dates }) => <DateCell date={dates.revocation} /> },
          ]}
        />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function DateCell({ date }: { readonly date: CampaignDate | null }) {
  return date === null ? <>–</> : <Day at={date.at} />;
}
