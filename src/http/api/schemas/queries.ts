/** Schemas of query parameters. */
import { ACTOR_CHARACTERS_MAX } from '../../../audit/actors.js';
import { LIMITS } from '../../../kernel/limits.js';
import { CAMPAIGN_CARD_STATES, CAMPAIGN_STATES, DESK_REASONS } from '../../../ports/store/cards/campaigns.js';
import { UPDATE_STATES } from '../../../ports/store/cards/card-updates.js';
import { CARD_STATES } from '../../../ports/store/cards/cards.js';
import { CERTIFICATE_SORTS } from '../../../ports/store/certificates.js';
import { REGISTRATION_STATES } from '../../../ports/store/enrolment/registrations.js';
import { ORDER_STATES } from '../../../ports/store/orders.js';
import { DELIVERY_STATES } from '../../../ports/store/outbox/deliveries.js';
import { text as ruleText } from '../../../texts/text.js';
import { WRITTEN_SERIAL } from '../../../x509/certificate/serial-number.js';
import { approvalState, officerReason } from './approvals.js';
import {
  CERTIFICATE_STATUSES,
  instant,
  object,
  profileWithoutNul,
  text,
  textMatching,
  textWithoutNul,
} from './parts.js';
import { SELECTORS } from './requests.js';

const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

const limit = {
  type: 'integer',
  minimum: 1,
  maximum: LIMITS.searchPageSizeMax,
  default: LIMITS.searchPageSizeDefault,
  'x-expected': ruleText('expected/limit', { max: LIMITS.searchPageSizeMax }),
  description: `Page size, 1 to ${LIMITS.searchPageSizeMax}. Default: ${LIMITS.searchPageSizeDefault}.`,
} as const;

/**
 * The search criteria of certificates. All are optional, and a result must match all that are
 * present, except for `ticket`, which is only recorded.
 */
const CRITERIA = {
  holder: textWithoutNul(
    255,
    'Id of the holder: IdNat of a person, structure id/application of an organisation, first name of a server.',
  ),
  card: textWithoutNul(40, 'Token id of the card.'),
  structure: textWithoutNul(20, 'Structure id, e.g. 10B0057881.'),
  order: {
    ...textMatching(UUID_PATTERN, ruleText('expected/uuid'), 'Id of an order: what its lines were issued.'),
    maxLength: 36,
  },
  profile: profileWithoutNul,
  ca: text(32, 'Issuing CA, e.g. aci-fo-pp; /v1/cas lists them.'),
  serialNumber: {
    ...textMatching(
      WRITTEN_SERIAL,
      ruleText('expected/written-serial'),
      'Hexadecimal, with or without colons, spaces, 0x and leading zeros; or decimal.',
    ),
    maxLength: 200,
  },
  status: {
    type: 'string',
    enum: CERTIFICATE_STATUSES,
    description: 'The current status. A certificate that has ended and is not revoked is expired.',
  },
  issuedFrom: instant('Issued at this time or later.'),
  issuedUntil: instant('Issued at this time or earlier.'),
  expiresFrom: instant('Certificates that end at this time or later.'),
  expiresBefore: instant('Certificates that end before this time.'),
  ticket: textWithoutNul(64, 'The call or request that the search is for, without personal data; for the audit log.'),
} as const;

const sort = {
  type: 'string',
  enum: CERTIFICATE_SORTS,
  description: 'The order: by time of issuance or by end; with -, the latest first. Default: see the description.',
} as const;

const searchQuery = object({ ...CRITERIA, sort, limit, cursor: text(512, 'nextCursor of the previous page.') }, []);

const exportForm = { type: 'string', enum: ['csv', 'ndjson'], description: 'The form of the answer.' } as const;

const exportQuery = object({ ...CRITERIA, sort, as: exportForm }, ['as']);

/** Query parameters of the list of changes of certificates. */
const changesQuery = object(
  {
    after: {
      type: 'integer',
      minimum: 0,
      'x-expected': ruleText('expected/entry'),
      description: 'Number of an entry of the audit log: next of the previous answer. 0: from the beginning.',
    },
    limit,
  },
  ['after'],
);

/** The search criteria of the audit log. All are optional. */
const AUDIT_CRITERIA = {
  since: instant('Entries of this time or later.'),
  until: instant('Entries of this time or earlier.'),
  actor: textWithoutNul(
    ACTOR_CHARACTERS_MAX,
    'account:ID, certificate:ISSUER/SERIAL, system (jobs and commands), or anonymous (a refused client without an account).',
  ),
  type: textWithoutNul(64, 'Type of the entry, e.g. certificate.revoked or access.denied.'),
  outcome: { type: 'string', enum: ['success', 'failure', 'intent'], description: 'Outcome of the entry.' },
  holder: textWithoutNul(
    255,
    'Id of a holder: intents of its certificates, and searches for it. Entries have a tag of it.',
  ),
  card: textWithoutNul(40, 'Token id of a card, as for a holder.'),
  id: textWithoutNul(128, 'Id of a request (X-Request-Id), certificate, order, account or key: entries about it.'),
} as const;

const auditQuery = object({ ...AUDIT_CRITERIA, limit, cursor: text(512, 'nextCursor of the previous page.') }, []);

const auditExportQuery = object({ ...AUDIT_CRITERIA, as: exportForm }, ['as']);

/** Query parameters of the list of deliveries. */
const deliveriesQuery = object(
  {
    state: { type: 'string', enum: DELIVERY_STATES, description: 'Only deliveries in this state.' },
    limit,
    cursor: {
      ...textMatching('^[1-9][0-9]{0,14}$', ruleText('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 15,
    },
  },
  [],
);

/** Query parameters that select the certificates of a mass revocation. */
const selectionQuery = {
  ...object(SELECTORS, []),
  minProperties: 1,
  'x-expected': ruleText('expected/parameter'),
} as const;

const day = (description: string) =>
  ({ ...textMatching('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', ruleText('expected/day'), description), maxLength: 10 }) as const;

/** Query parameters of the number of certificates that were issued and revoked on each day. */
const countsQuery = object(
  { from: day('The first day, UTC.'), to: day(`The last day, UTC: ${LIMITS.countedDaysMax} days at most.`) },
  ['from', 'to'],
);

const daysAhead = {
  type: 'integer',
  minimum: 1,
  maximum: LIMITS.expiringDaysMax,
  'x-expected': ruleText('expected/limit', { max: LIMITS.expiringDaysMax }),
  description: `Certificates that end in the next days: 1 to ${LIMITS.expiringDaysMax}.`,
} as const;

/** Query parameters of the number of certificates that end soon. */
const expiringQuery = object({ days: daysAhead }, ['days']);
const expiringOfStructuresQuery = object({ days: daysAhead, profile: profileWithoutNul }, ['days', 'profile']);

const flag = (description: string) => ({ type: 'string', enum: ['true', 'false'], description }) as const;

/** Query parameters of the upload of an order. */
const orderUploadQuery = object(
  {
    dryRun: flag('true: everything is checked, and nothing is issued.'),
    paused: flag('true: the order is accepted and not started before its resumption.'),
    reference: textWithoutNul(LIMITS.orderReferenceCharactersMax, 'Your own name of the order, without personal data.'),
    bureau: textWithoutNul(
      64,
      'The account of the card bureau, which may then read the order and acknowledge its cards.',
    ),
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

/** Query parameters of lists that only have pages and no filters. */
const pageQuery = object({ limit, cursor: text(512, 'nextCursor of the previous page.') }, []);

/** Query parameters of the list of accounts. */
const accountsQuery = object(
  {
    limit,
    cursor: {
      ...textMatching('^[a-z0-9][a-z0-9.-]{0,63}$', ruleText('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 64,
    },
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

/** Query parameters of the list of registrations. */
const registrationsQuery = object(
  {
    state: { type: 'string', enum: REGISTRATION_STATES, description: 'Registrations in this state now.' },
    holder: textWithoutNul(255, 'Id of the holder.'),
    profile: profileWithoutNul,
    reference: textWithoutNul(16, 'The public reference of a registration.'),
    limit,
    cursor: {
      ...textMatching(UUID_PATTERN, ruleText('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 36,
    },
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

/** The query parameter with the reason of a DELETE, which has no body. */
const reasonQuery = object({ reason: officerReason('Why it is requested; without personal data.') }, ['reason']);

/** Query parameters of the results of an order. */
const orderResultsQuery = object(
  {
    from: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      'x-expected': ruleText('expected/limit', { max: 1_000_000 }),
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
    holder: textWithoutNul(255, 'Id of the holder.'),
    limit,
    cursor: {
      ...textMatching('^[0-9]{10}/[0-9]{10}$', ruleText('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 21,
    },
  },
  [],
);

/** Query parameters of the list of campaigns. */
const campaignsQuery = object(
  {
    state: { type: 'string', enum: CAMPAIGN_STATES, description: 'Campaigns in this state; without it, in any.' },
    limit,
    cursor: {
      ...textMatching(UUID_PATTERN, ruleText('cursor-known'), 'nextCursor of the previous page.'),
      maxLength: 36,
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
  registrations: registrationsQuery,
  approvals: approvalsQuery,
  reason: reasonQuery,
  campaigns: campaignsQuery,
  campaignCards: campaignCardsQuery,
  accounts: accountsQuery,
  page: pageQuery,
  search: searchQuery,
  export: exportQuery,
  changes: changesQuery,
  counts: countsQuery,
  expiring: expiringQuery,
  expiringOfStructures: expiringOfStructuresQuery,
  auditSearch: auditQuery,
  auditExport: auditExportQuery,
  selection: selectionQuery,
  deliveries: deliveriesQuery,
  orderUpload: orderUploadQuery,
  cards: cardsQuery,
  orders: ordersQuery,
  orderResults: orderResultsQuery,
  updates: updatesQuery,
} as const;
export type QueryName = keyof typeof QUERIES;
