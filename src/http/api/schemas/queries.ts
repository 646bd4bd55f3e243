/** Schemas of query parameters. */
import { ACTOR_CHARACTERS_MAX } from '../../../audit/actors.js';
import { LIMITS } from '../../../kernel/limits.js';
import { CAMPAIGN_CARD_STATES, DESK_REASONS } from '../../../ports/store/cards/campaigns.js';
import { UPDATE_STATES } from '../../../ports/store/cards/card-updates.js';
import { CARD_STATES } from '../../../ports/store/cards/cards.js';
import { ORDER_STATES } from '../../../ports/store/orders.js';
import { DELIVERY_STATES } from '../../../ports/store/outbox/deliveries.js';
import { text as said } from '../../../texts/text.js';
import { approvalState, officerReason } from './approvals.js';
import { instant, object, patterned, searched, serialNumber, text } from './parts.js';
import { SELECTORS } from './requests.js';

const limit = {
  type: 'integer',
  minimum: 1,
  maximum: LIMITS.searchPageSizeMax,
  default: LIMITS.searchPageSizeDefault,
  'x-expected': said('expected/limit', { max: LIMITS.searchPageSizeMax }),
  description: `Page size, 1 to ${LIMITS.searchPageSizeMax}. Default: ${LIMITS.searchPageSizeDefault}.`,
} as const;

/** Query parameters of searches. All are optional; a result must match all that are given. */
const searchQuery = object(
  {
    holder: searched(
      255,
      'Id of the holder: IdNat of a person, structure id/application of an organisation, first name of a server.',
    ),
    card: searched(40, 'Token id of the card.'),
    structure: searched(20, 'Structure id, e.g. 10B0057881.'),
    ca: text(32, 'Issuing CA, e.g. aci-fo-pp; /v1/cas lists them.'),
    serialNumber,
    status: {
      type: 'string',
      enum: ['pending', 'issued', 'suspended', 'revoked', 'expired'],
      description: 'The current status. A certificate that has ended and is not revoked is expired.',
    },
    expiresBefore: instant('Certificates that end before this time.'),
    limit,
    cursor: text(512, 'nextCursor of the previous page.'),
  },
  [],
);

/** Query parameters of searches in the audit log. */
const auditQuery = object(
  {
    since: instant('Entries of this time or later.'),
    until: instant('Entries of this time or earlier.'),
    actor: searched(
      ACTOR_CHARACTERS_MAX,
      'account:ID, certificate:ISSUER/SERIAL, system (jobs and commands), or anonymous (a refused client without an account).',
    ),
    type: searched(64, 'Type of the entry, e.g. certificate.revoked or access.denied.'),
    outcome: { type: 'string', enum: ['success', 'failure', 'intent'], description: 'Outcome of the entry.' },
    holder: searched(
      255,
      'Id of a holder: intents of its certificates, and searches for it. Entries have a tag of it.',
    ),
    card: searched(40, 'Token id of a card, as for a holder.'),
    id: searched(128, 'Id of a request (X-Request-Id), certificate, order, account or key: entries about it.'),
    limit,
    cursor: text(512, 'nextCursor of the previous page.'),
  },
  [],
);

/** Query parameters of the list of deliveries. */
const deliveriesQuery = object(
  {
    state: { type: 'string', enum: DELIVERY_STATES, description: 'Only deliveries in this state.' },
    limit,
    cursor: {
      ...patterned('^[1-9][0-9]{0,14}$', said('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 15,
    },
  },
  [],
);

/** Query parameters that select the certificates of a mass revocation. */
const selectionQuery = {
  ...object(SELECTORS, []),
  minProperties: 1,
  'x-expected': said('expected/parameter'),
} as const;

const flag = (description: string) => ({ type: 'string', enum: ['true', 'false'], description }) as const;

/** Query parameters of the upload of an order. */
const orderUploadQuery = object(
  {
    dryRun: flag('true: everything is checked, and nothing is issued.'),
    paused: flag('true: the order is accepted and not started before its resumption.'),
    reference: searched(LIMITS.orderReferenceCharactersMax, 'Your own name of the order, without personal data.'),
    bureau: searched(64, 'The account of the card bureau, which may then read the order and acknowledge its cards.'),
  },
  [],
);

/** Query parameters of the list of orders. */
const ordersQuery = object(
  {
    state: { type: 'string', enum: ORDER_STATES, description: 'Orders in this state; without it, in any.' },
    limit,
    cursor: text(64, 'nextCursor of the previous page.'),
  },
  [],
);

/** Query parameters of lists of updates. */
const updatesQuery = object(
  {
    state: { type: 'string', enum: UPDATE_STATES, description: 'Updates in this state; without it, in any.' },
    limit,
    cursor: text(64, 'nextCursor of the previous page.'),
  },
  [],
);

/** Query parameters of the list of approvals. */
const approvalsQuery = object(
  {
    state: { ...approvalState, description: 'Approvals in this state; without it, in any.' },
    limit,
    cursor: text(64, 'nextCursor of the previous page.'),
  },
  [],
);

/** The reason of a request that has no body. */
const reasonQuery = object({ reason: officerReason('Why it is requested; without personal data.') }, ['reason']);

/** Query parameters of the results of an order. */
const orderResultsQuery = object(
  {
    from: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      'x-expected': said('expected/limit', { max: 1_000_000 }),
      description: 'The first line, from 1.',
    },
    include: {
      type: 'string',
      enum: ['certificates'],
      description: 'certificates: adds each certificate (DER in base64) that is in the scope of the account.',
    },
  },
  [],
);

/** Query parameters of the list of cards. */
const cardsQuery = object(
  {
    state: { type: 'string', enum: CARD_STATES, description: 'Cards in this state; without it, in any.' },
    holder: searched(255, 'Id of the holder.'),
    limit,
    cursor: {
      ...patterned('^[0-9]{10}/[0-9]{10}$', said('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 21,
    },
  },
  [],
);

/** Query parameters of the list of the cards of a campaign. */
const campaignCardsQuery = object(
  {
    state: { type: 'string', enum: CAMPAIGN_CARD_STATES, description: 'Cards in this state; without it, in any.' },
    reason: { type: 'string', enum: DESK_REASONS, description: 'Cards that go to a desk for this reason.' },
  },
  [],
);

export const QUERIES = {
  approvals: approvalsQuery,
  reason: reasonQuery,
  campaignCards: campaignCardsQuery,
  search: searchQuery,
  auditSearch: auditQuery,
  selection: selectionQuery,
  deliveries: deliveriesQuery,
  orderUpload: orderUploadQuery,
  cards: cardsQuery,
  orders: ordersQuery,
  orderResults: orderResultsQuery,
  updates: updatesQuery,
} as const;
export type QueryName = keyof typeof QUERIES;
