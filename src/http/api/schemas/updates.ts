/** Schemas of requests and responses about remote updates of cards. */
import { LIMITS } from '../../../kernel/limits.js';
import { SUPERSEDE_WAYS, UPDATE_CHANNELS, UPDATE_STATES } from '../../../ports/store/cards/card-updates.js';
import { officerReason } from './approvals.js';
import { anyText, component, instant, nextCursor, nullable, object, text, textWithoutNul } from './parts.js';
import { csr, keyOrigin } from './requests.js';

const reader = object(
  {
    model: textWithoutNul(128, 'Model of the card reader.'),
    middleware: textWithoutNul(128, 'Name of the middleware that talks to the card.'),
    version: textWithoutNul(64, 'Its version.'),
  },
  ['model', 'middleware', 'version'],
);

export const updateBegin = object(
  {
    requests: {
      type: 'array',
      minItems: 1,
      maxItems: LIMITS.certificatesPerCardMax,
      items: object({ profile: text(64, 'Profile of the certificate that is replaced.'), csr, keyOrigin }, [
        'profile',
        'csr',
      ]),
      description: 'One for each new key. The certificates of the card with these profiles are replaced.',
    },
    identity: {
      ...component('Identity'),
      description: 'Without it, the evidence of the replaced certificates counts.',
    },
    proof: component('Proof'),
    capabilities: { ...component('CardCapabilities'), description: 'As read from the card just now.' },
    channel: {
      type: 'string',
      enum: UPDATE_CHANNELS,
      description: 'How you talk to the card, as you declare it. It is recorded.',
    },
    reader: { ...reader, description: 'The reader that has the card, and the program that talks to it.' },
  },
  ['requests', 'proof', 'channel', 'reader'],
);

export const updateConfirmation = object({ proof: component('Proof') }, ['proof']);

export const updateAbandonment = object(
  {
    proof: component('Proof'),
    written: { const: false, type: 'boolean', description: 'Instead of a proof, before writing: nothing was written.' },
  },
  [],
);

export const updateDecision = object(
  {
    outcome: {
      type: 'string',
      enum: ['confirmed', 'abandoned'],
      description: 'confirmed: the new certificates are issued. abandoned: they are revoked.',
    },
    reason: officerReason('Why; without personal data.'),
  },
  ['outcome', 'reason'],
);

const MEMBERS = {
  id: anyText('Id of the update.'),
  card: anyText('Token id of the card.'),
  state: {
    type: 'string',
    enum: UPDATE_STATES,
    description: 'undetermined: the card has not said in time which certificates it holds (ops/card-updates.md).',
  },
  stateAt: instant('Since when it is in this state.'),
  account: anyText('The account that began it.'),
  campaign: nullable(anyText('The campaign that it is part of.')),
  begunAt: instant('When it began.'),
  replaces: {
    type: 'array',
    items: anyText('Id of a certificate.'),
    description: 'The certificates that it replaces.',
  },
  confirmBy: nullable(instant('Until when the card has to confirm or abandon it.')),
  overlap: anyText('How long the replaced certificates stay good after the confirmation, ISO 8601.'),
  overlapUntil: nullable(instant('When the overlap of a confirmed update ends.')),
  supersede: {
    type: 'string',
    enum: SUPERSEDE_WAYS,
    description: 'After the overlap, the replaced certificates are revoked, or left to end.',
  },
  channel: { type: 'string', enum: UPDATE_CHANNELS, description: 'How the client talks to the card, as it declared.' },
  reader: {
    ...object({ model: anyText('Card reader.'), middleware: anyText('Middleware and version.') }, [
      'model',
      'middleware',
    ]),
    description: 'The reader and the middleware, as the client declared.',
  },
  endedBy: nullable(anyText('Account, certificate, approval or system that confirmed, abandoned or ended it.')),
  detail: nullable(anyText('Why it has ended, where the state does not say it.')),
} as const;

const REQUIRED = Object.keys(MEMBERS) as (keyof typeof MEMBERS)[];

export const cardUpdate = object(
  {
    ...MEMBERS,
    certificates: {
      type: 'array',
      items: component('Certificate'),
      description: 'The new certificates, in the order of the requests; empty while they are not signed.',
    },
  },
  [...REQUIRED, 'certificates'],
);

export const UPDATE_ROW = object(MEMBERS, REQUIRED);

export const updatePage = object(
  {
    updates: { type: 'array', items: UPDATE_ROW, description: 'Newest first.' },
    nextCursor,
  },
  ['updates', 'nextCursor'],
);
