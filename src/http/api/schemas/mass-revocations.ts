/**
 * Schemas of responses about mass revocations: orders to revoke all certificates of a selection.
 */
import { PLATFORM_PARTS } from '../../../operations/revocation/protected-certificates.js';
import { component, count, instant, nullable, object, profile, REASONS, serialNumber } from './parts.js';

export const massRevocation = object(
  {
    id: { type: 'string', description: 'Id of the order.' },
    state: {
      type: 'string',
      enum: ['running', 'completed', 'cancelled'],
      description: 'running: certificates are still being revoked. The others are final.',
    },
    select: component('Selection'),
    reason: { type: 'string', enum: REASONS, description: 'The reason of each revocation (RFC 5280 5.3.1).' },
    invalidityDate: nullable(instant('If one was given.')),
    account: { type: 'string', description: 'The account that submitted the order.' },
    submittedAt: instant('When the selection was fixed.'),
    finishedAt: nullable(instant('When it was completed or cancelled.')),
    matched: count('Certificates that were selected.'),
    done: count('Certificates that were processed.'),
    revoked: count('Certificates that this order revoked.'),
    alreadyRevoked: count(
      'Certificates that were revoked after the order was submitted, but not by it: by another request, or, for ' +
        'keyCompromise, together with another certificate on the same key.',
    ),
  },
  [
    'id',
    'state',
    'select',
    'reason',
    'invalidityDate',
    'account',
    'submittedAt',
    'finishedAt',
    'matched',
    'done',
    'revoked',
    'alreadyRevoked',
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
      description: 'waiting: not processed yet; cancelled: it will not be processed.',
    },
  },
  ['certificate', 'issuer', 'serialNumber', 'profile', 'outcome'],
);

const selected = {
  certificate: { type: 'string', description: 'Id of the certificate on this platform.' },
  issuer: { type: 'string', description: 'Generation of the CA, e.g. aci-fo-pp.' },
  serialNumber,
} as const;

export const massRevocationPreview = object(
  {
    matched: count('Certificates that the order would revoke now.'),
    accounts: {
      type: 'array',
      items: object({ account: { type: 'string', description: 'Id of the account.' }, ...selected }, [
        'account',
        'certificate',
        'issuer',
        'serialNumber',
      ]),
      description: 'Accounts that would lose a certificate. The order has to name them.',
    },
    platform: {
      type: 'array',
      items: object(
        { part: { type: 'string', enum: PLATFORM_PARTS, description: 'The part that uses it.' }, ...selected },
        ['part', 'certificate', 'issuer', 'serialNumber'],
      ),
      description: 'Parts of the platform that would lose a certificate. The order has to name them.',
    },
  },
  ['matched', 'accounts', 'platform'],
);
