/** Schemas of requests and responses about cards and holders. */
import { CAPABILITY_REASONS } from '../../../policy/card-generations.js';
import { CAMPAIGN_CARD_STATES, DESK_REASONS } from '../../../ports/store/cards/campaigns.js';
import { CARD_STATES } from '../../../ports/store/cards/cards.js';
import { text as ruleText } from '../../../texts/text.js';
import { HOLDER_KEY_TYPES } from '../../../x509/model.js';
import { anyText, component, instant, nextCursor, nullable, object, text, textMatching } from './parts.js';
import { UPDATE_ROW } from './updates.js';

const generation = {
  ...textMatching(
    '^[a-z][a-z0-9-]*$',
    ruleText('expected/generation'),
    'Generation of the card, as the policy names it: cps4.',
  ),
  maxLength: 32,
} as const;
const applet = {
  ...textMatching(
    '^(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,5})){0,3}$',
    ruleText('expected/version'),
    'Version of the applet: 4.1.0.',
  ),
  maxLength: 27,
} as const;
const keyTypes = {
  type: 'array',
  minItems: 1,
  maxItems: HOLDER_KEY_TYPES.length,
  uniqueItems: true,
  items: { type: 'string', enum: HOLDER_KEY_TYPES },
  description: 'Types of keys that the card makes.',
} as const;
const spareContainers = {
  type: 'integer',
  minimum: 0,
  maximum: 64,
  description: 'Containers in which new keys fit while the present ones stay.',
} as const;

const CAPABILITIES = ['generation', 'applet', 'keyTypes', 'spareContainers'] as const;

export const cardCapabilities = object({ generation, applet, keyTypes, spareContainers }, CAPABILITIES);

export const cardReplacement = object(
  {
    tokenId: text(40, 'Token id of the new card: 8025000001/2600301753.'),
    overlap: {
      ...textMatching(
        '^P([0-9]{1,5}D)?(T([0-9]{1,5}H)?([0-9]{1,5}M)?([0-9]{1,5}S)?)?$',
        ruleText('expected/duration'),
        'How long the certificates of the old card stay good, 90 days at most: P7D.',
      ),
      maxLength: 32,
    },
  },
  ['tokenId', 'overlap'],
);

const reportedCapabilities = object(
  {
    generation: anyText('Generation of the card.'),
    applet: anyText('Version of the applet.'),
    keyTypes: { type: 'array', items: { type: 'string' }, description: 'Types of keys that the card makes.' },
    spareContainers: { type: 'integer', minimum: 0, description: 'Containers for new keys.' },
    reportedAt: instant('When they were reported.'),
    reportedBy: anyText('The account or certificate that has reported them.'),
    deskReasons: {
      type: 'array',
      items: { type: 'string', enum: CAPABILITY_REASONS },
      description: 'Why the card cannot be updated remotely, as far as its capabilities say; empty: it can.',
    },
  },
  [...CAPABILITIES, 'reportedAt', 'reportedBy', 'deskReasons'],
);

const replacement = object(
  {
    tokenId: anyText('Token id of the card that replaces it.'),
    until: nullable(instant('When the certificates of the old card are revoked; null: that is done, or was given up.')),
  },
  ['tokenId', 'until'],
);

export const procedure = object(
  {
    kind: { type: 'string', enum: ['update', 'replacement'], description: 'What is under way.' },
    reference: anyText('Id of the update, or token id of the card that is replaced.'),
    profession: nullable(anyText('Code of the profession; null: the holder has none.')),
    openedAt: instant('Since when it is open.'),
  },
  ['kind', 'reference', 'profession', 'openedAt'],
);

const campaignOfCard = object(
  {
    id: anyText('Id of the campaign.'),
    class: anyText('Name of the class of the card.'),
    state: { type: 'string', enum: CAMPAIGN_CARD_STATES, description: 'The state of the card in the campaign.' },
    reason: nullable({ type: 'string', enum: DESK_REASONS, description: 'Why the card has to go to a desk.' }),
  },
  ['id', 'class', 'state', 'reason'],
);

export const CARD = {
  tokenId: anyText('Token id of the card.'),
  product: nullable(anyText('Product of the card; null: it has no certificate yet.')),
  holder: nullable(anyText('Id of the holder; null: it has no certificate yet.')),
  profession: nullable(anyText('Code of the profession of the holder.')),
  state: { type: 'string', enum: CARD_STATES, description: 'opposed and returned are final.' },
  stateAt: instant('Since when it is in this state.'),
  reason: nullable(anyText('Reason of the revocation that ended it, scrapped or replaced.')),
  replacement: nullable({ ...replacement, description: 'The card that replaces it; null: none does.' }),
  capabilities: nullable({ ...reportedCapabilities, description: 'What a client read from it; null: nothing yet.' }),
} as const;
export const CARD_MEMBERS = Object.keys(CARD) as (keyof typeof CARD)[];

export const cardSummary = object(CARD, CARD_MEMBERS);

export const cardDetails = object(
  {
    ...CARD,
    certificates: {
      type: 'array',
      items: component('Certificate'),
      description: 'All certificates of its life that the account may see, the oldest first.',
    },
    procedure: nullable({ ...procedure, description: 'What is open for the card; null: nothing is.' }),
    updates: {
      type: 'array',
      items: UPDATE_ROW,
      description: 'The 20 newest updates whose replaced certificates the account may all see, newest first.',
    },
    campaign: nullable({
      ...campaignOfCard,
      description: 'The open or paused campaign in which the card gets new keys; null: it is in none.',
    }),
  },
  [...CARD_MEMBERS, 'certificates', 'procedure', 'updates', 'campaign'],
);

export const cardPage = object(
  {
    cards: { type: 'array', items: component('CardSummary'), description: 'By their token ids.' },
    nextCursor,
  },
  ['cards', 'nextCursor'],
);

export const holderState = {
  type: 'string',
  enum: ['free', 'barred'],
  description: 'barred: nothing is issued for the holder until two officers lift the bar.',
} as const;

export const holderDetails = object(
  {
    holder: anyText('Id of the holder.'),
    state: holderState,
    stateAt: nullable(instant('Since when; null: the state has never changed.')),
    cards: { type: 'array', items: component('CardSummary'), description: 'Cards that the account may see.' },
    procedures: { type: 'array', items: procedure, description: 'What is open: one for each profession at most.' },
  },
  ['holder', 'state', 'stateAt', 'cards', 'procedures'],
);
