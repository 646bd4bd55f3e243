/** Schemas of campaigns, and of the answer about what a card should do next. */
import {
  CAMPAIGN_CARD_STATES,
  CAMPAIGN_STATES,
  DATE_KINDS,
  DESK_REASONS,
} from '../../../ports/store/cards/campaigns.js';
import { text as ruleText } from '../../../texts/text.js';
import {
  anyText,
  component,
  count,
  instant,
  nextCursor,
  nullable,
  object,
  REASONS,
  text,
  textMatching,
  textWithoutNul,
  violationOfLine,
} from './parts.js';

const nonEmptyList = (items: object, itemsMax: number, description: string) =>
  ({ type: 'array', minItems: 1, maxItems: itemsMax, uniqueItems: true, items, description }) as const;

const className = textMatching(
  '^[a-z0-9-]{1,32}$',
  ruleText('expected/class-name'),
  'Lower-case letters, digits and hyphens.',
);
const cardNumber = textWithoutNul(40, 'Token id of a card.');
const LISTED = { type: 'boolean', const: true, description: 'true: its cards are uploaded (lists/{class}).' } as const;

const selection = {
  ...object(
    {
      list: { ...LISTED, description: 'true: the cards of the uploaded lists, and nothing else.' },
      issuers: nonEmptyList(text(64, 'Generation of a CA, e.g. aci-fo-pp.'), 50, 'Issuers of the certificates.'),
      profiles: nonEmptyList(text(64, 'Profile id.'), 50, 'Profiles of the certificates.'),
      keyTypes: nonEmptyList(textWithoutNul(32, 'e.g. rsa-2048.'), 20, 'Types of the keys.'),
      keyMadeFrom: instant('Certificates that were made at this time or later.'),
      keyMadeUntil: instant('Certificates that were made at this time or earlier.'),
      products: nonEmptyList(textWithoutNul(8, 'e.g. cps.'), 10, 'Products of the cards.'),
      generations: nonEmptyList(textWithoutNul(32, 'Generation of cards.'), 50, 'Generations of the cards.'),
      appletBelow: textMatching(
        '^[0-9]{1,5}(\\.[0-9]{1,5}){0,3}$',
        ruleText('expected/version'),
        'Applets below this version.',
      ),
    },
    [],
  ),
  minProperties: 1,
  'x-expected': ruleText('expected/card-selection'),
} as const;

const classSelection = object(
  {
    list: LISTED,
    products: nonEmptyList(textWithoutNul(8, 'e.g. cps.'), 10, 'Products of the cards.'),
    professions: nonEmptyList(text(16, 'Code of the nomenclature TRE_G15.'), 100, 'Professions of the holders.'),
  },
  [],
);

const campaignClass = object(
  {
    name: className,
    select: { ...classSelection, description: 'Without it: all cards that no class before it has.' },
    opensAt: instant('When its first places begin. Default: when the campaign is opened.'),
    capacityPerHour: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'Updates that may begin in an hour.',
    },
  },
  ['name', 'capacityPerHour'],
);

export const campaignRequest = object(
  {
    name: text(64, 'Name of the campaign, without personal data.'),
    reason: {
      type: 'string',
      enum: REASONS.filter((reason) => reason !== 'certificateHold'),
      description: 'The reason that a revocation by the campaign gives (RFC 5280 5.3.1).',
    },
    selection,
    classes: { type: 'array', minItems: 1, maxItems: 50, items: campaignClass, description: 'In their order.' },
    fromSuspended: { type: 'boolean', description: 'Whether a suspended key may begin an update.' },
    channel: {
      type: 'string',
      enum: ['secure-messaging', 'any'],
      description: 'secure-messaging: the account has to state it at the begin.',
    },
    supersede: {
      type: 'string',
      enum: ['revoke', 'let-end'],
      description: 'What becomes of the old certificates. Default: what their profile says.',
    },
  },
  ['name', 'reason', 'selection', 'classes', 'fromSuspended', 'channel'],
);

const date = nullable(
  object(
    {
      at: instant('When it comes.'),
      armedAt: nullable(instant('When two officers armed it; null: they have not, and nothing will happen.')),
      outcome: nullable({ type: 'string', enum: ['acted', 'missed'], description: 'null: it has not come.' }),
    },
    ['at', 'armedAt', 'outcome'],
  ),
);

export const campaign = object(
  {
    id: anyText('Id of the campaign.'),
    state: { type: 'string', enum: CAMPAIGN_STATES, description: 'The state of the campaign.' },
    stateAt: instant('Since when.'),
    createdBy: anyText('The account that has created it.'),
    createdAt: instant('When it was created.'),
    fixedAt: nullable(instant('The moment of its population.')),
    lists: { type: 'array', items: anyText('Name of a class.'), description: 'Classes whose lists are complete.' },
    dates: {
      ...object(
        {
          suspension: { ...date, description: 'When the certificates of its cards are suspended.' },
          revocation: { ...date, description: 'When they are revoked.' },
        },
        ['suspension', 'revocation'],
      ),
      description: 'Its dates; null: it has none.',
    },
    action: nullable({
      ...object(
        {
          kind: {
            type: 'string',
            enum: ['suspend', 'revoke', 'release'],
            description: 'What is done to certificates.',
          },
          changed: count('Certificates that were changed so far.'),
        },
        ['kind', 'changed'],
      ),
      description: 'The last thing that was done to the certificates of its cards; null: nothing was.',
    }),
    request: component('CampaignRequest'),
  },
  ['id', 'state', 'stateAt', 'createdBy', 'createdAt', 'fixedAt', 'lists', 'dates', 'action', 'request'],
);

export const campaignPage = object(
  { campaigns: { type: 'array', items: component('Campaign'), description: 'Newest first.' }, nextCursor },
  ['campaigns', 'nextCursor'],
);

export const campaignDates = {
  ...object(
    {
      suspendsAt: nullable(instant('When the certificates are suspended; null: never. Left out: it stays.')),
      revokesAt: nullable(instant('When they are revoked; null: never. Left out: it stays.')),
    },
    [],
  ),
  minProperties: 1,
  'x-expected': ruleText('expected/dates'),
} as const;

export const campaignArming = object(
  { date: { type: 'string', enum: DATE_KINDS, description: 'The date that is to act.' } },
  ['date'],
);

const cardState = { type: 'string', enum: CAMPAIGN_CARD_STATES, description: 'The state of the cards.' } as const;
const deskReason = nullable({ type: 'string', enum: DESK_REASONS, description: 'Why they have to go to a desk.' });
const milliseconds = (description: string) => nullable({ type: 'integer', minimum: 0, description });

export const campaignCounts = object(
  {
    id: anyText('Id of the campaign.'),
    state: { type: 'string', enum: CAMPAIGN_STATES, description: 'The state of the campaign.' },
    cards: {
      type: 'array',
      items: object({ class: anyText('Name.'), state: cardState, reason: deskReason, count: count('Cards.') }, [
        'class',
        'state',
        'reason',
        'count',
      ]),
      description: 'How many cards are in each state.',
    },
    classes: {
      type: 'array',
      description: 'The places of each class.',
      items: object(
        {
          class: anyText('Name.'),
          capacityPerHour: count('Places in an hour.'),
          usedLastHour: count('Places of the last 60 minutes that were taken.'),
          placesAhead: count('Places of later minutes that are taken.'),
          nextPlaceAt: instant('When a card that asks now would have its place.'),
        },
        ['class', 'capacityPerHour', 'usedLastHour', 'placesAhead', 'nextPlaceAt'],
      ),
    },
    readers: {
      type: 'array',
      description: 'How updates ended, by card reader and middleware.',
      items: object(
        {
          class: anyText('Name.'),
          state: cardState,
          reason: deskReason,
          reader: anyText('Model of the reader.'),
          middleware: anyText('Middleware with its version.'),
          count: count('How often a card has come into the state with them.'),
          ownMs: milliseconds('Mean time from the begin to the new certificates, in milliseconds.'),
          othersMs: milliseconds('Mean time from then to the confirmation.'),
        },
        ['class', 'state', 'reason', 'reader', 'middleware', 'count', 'ownMs', 'othersMs'],
      ),
    },
  },
  ['id', 'state', 'cards', 'classes', 'readers'],
);

export const campaignCard = object(
  {
    card: anyText('Token id.'),
    class: anyText('Name of its class.'),
    state: cardState,
    reason: deskReason,
    attempts: count('Updates that did not end in a confirmation.'),
    ticketFrom: nullable(instant('The beginning of its place.')),
  },
  ['card', 'class', 'state', 'reason', 'attempts', 'ticketFrom'],
);

export const listedCard = object({ card: cardNumber }, ['card']);

export const campaignList = object(
  {
    class: anyText('Name of the class.'),
    cards: count('Lines.'),
    repeated: count('Lines whose card was in it already.'),
  },
  ['class', 'cards', 'repeated'],
);

export const notice = object(
  {
    card: cardNumber,
    stage: textMatching(
      '^[a-z0-9-]{1,32}$',
      ruleText('expected/class-name'),
      'What the holder was told, e.g. letter-1.',
    ),
    at: instant('When the holder was told.'),
  },
  ['card', 'stage', 'at'],
);

export const noticeAnswer = object(
  {
    card: nullable(anyText('Token id; null: the line could not be read.')),
    result: {
      type: 'string',
      enum: ['recorded', 'repeated', 'unknown-card', 'invalid'],
      description: 'What became of the line; repeated: it was recorded before.',
    },
    position: count('Number of an invalid line in the upload, from 1.'),
    violations: {
      type: 'array',
      items: violationOfLine,
      description: 'Of an invalid line.',
    },
  },
  ['card', 'result'],
);

export const pending = object(
  {
    now: instant('Time of the database, for the statement that the card signs.'),
    next: {
      type: 'string',
      enum: ['none', 'wait', 'begin', 'confirm', 'desk'],
      description: 'wait: ask again when the answer is no longer fresh, or when the place begins.',
    },
    update: nullable(anyText('The update of the card that has not ended.')),
    campaign: nullable({
      ...object(
        {
          id: anyText('Id of the campaign.'),
          class: anyText('Name of the class of the card.'),
          suspendsAt: nullable(instant('When the present certificates are to be suspended.')),
          revokesAt: nullable(instant('When they are to be revoked.')),
        },
        ['id', 'class', 'suspendsAt', 'revokesAt'],
      ),
      description: 'The campaign in which the card gets new keys; null: it is in none.',
    }),
    ticket: nullable({
      ...object(
        { from: instant('The card may begin from then on.'), until: instant('Afterwards it gets another place.') },
        ['from', 'until'],
      ),
      description: 'The place of the card in its campaign; null: it has none.',
    }),
    deskReason: { ...deskReason, description: 'Why the card has to go to a desk.' },
  },
  ['now', 'next', 'update', 'campaign', 'ticket', 'deskReason'],
);
