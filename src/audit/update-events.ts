/** Audit entries about remote updates of cards: a part of the catalogue (`events.ts`). */
import { instant, list, matching, nullable, officers, oneOf, tagged, text, uuid } from './members.js';

const sha256 = matching(/^[0-9a-f]{64}$/);
const card = tagged('card');
/** A remote update; `certificate` and `proof`: the statement of the card that has caused it. */
const cardUpdate = { id: uuid, card, certificate: nullable(uuid), proof: nullable(sha256) } as const;

export const UPDATE_EVENTS = {
  'update.begun': {
    outcome: 'intent',
    details: {
      ...cardUpdate,
      old: list(uuid, 8),
      new: list(uuid, 8),
      channel: oneOf('secure-messaging', 'none'),
    },
  },
  'update.offered': { outcome: 'success', details: { id: uuid, card, confirmBy: instant } },
  'update.writing': { outcome: 'success', details: cardUpdate },
  'update.confirmed': { outcome: 'success', details: cardUpdate },
  'update.abandoned': { outcome: 'success', details: cardUpdate },
  /** It is not known which certificates the card holds. */
  'update.undetermined': { outcome: 'failure', details: cardUpdate },
  'update.decided': {
    outcome: 'success',
    details: {
      id: uuid,
      card,
      outcome: oneOf('confirmed', 'abandoned'),
      approval: text(64),
      officers,
      reason: text(400),
    },
  },
  'update.completed': { outcome: 'success', details: cardUpdate },
  'update.ended': {
    outcome: 'failure',
    details: {
      id: uuid,
      card,
      state: oneOf('failed', 'ended'),
      reason: oneOf('given-up', 'revoked', 'card-ended'),
    },
  },
  /** The card says something else than what officers have decided. */
  'update.contradicted': { outcome: 'failure', details: cardUpdate },
} as const;
