/** Schemas of what goes out about orders to revoke all that a selection finds. */
import { component, instant, nullable, object, profile, REASONS, serialNumber } from './parts.js';

const count = (description: string) => ({ type: 'integer', minimum: 0, description }) as const;

export const massRevocation = object(
  {
    id: { type: 'string', description: 'Id of the order.' },
    state: { type: 'string', enum: ['running', 'completed', 'cancelled'] },
    select: component('Selection'),
    reason: { type: 'string', enum: REASONS },
    invalidityDate: nullable(instant('If one was given.')),
    account: { type: 'string', description: 'Who gave the order.' },
    submittedAt: instant('When the selection was fixed.'),
    finishedAt: nullable(instant('When it was completed or cancelled.')),
    matched: count('Certificates that were selected.'),
    done: count('Of them, those that were dealt with.'),
    revoked: count('Of those, the ones that this order revoked.'),
    alreadyRevoked: count(
      'Of those, the ones that were revoked since the order was given: by somebody else, or, for keyCompromise, with another on the key.',
    ),
  },
  [
    ...(['id', 'state', 'select', 'reason', 'invalidityDate', 'account', 'submittedAt', 'finishedAt'] as const),
    ...(['matched', 'done', 'revoked', 'alreadyRevoked'] as const),
  ],
);

export const massRevocationResult = object(
  {
    certificate: { type: 'string', description: 'Id of the certificate on this platform.' },
    issuer: { type: 'string', description: 'Generation of the CA, e.g. aci-fo-pp.' },
    serialNumber,
    profile,
    outcome: {
      type: 'string',
      enum: ['revoked', 'already-revoked', 'waiting', 'cancelled'],
      description: 'waiting: its turn has not come; cancelled: nor will it.',
    },
  },
  ['certificate', 'issuer', 'serialNumber', 'profile', 'outcome'],
);
