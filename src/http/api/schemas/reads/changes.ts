/** Schemas of the changes of certificates, without the names of holders. */
import { component, count, instant, nullable, object, REASONS } from '../parts.js';

const certificateChange = object(
  {
    entry: count('Number of its audit entry. Several certificates of a card may be confirmed by one entry.'),
    kind: {
      type: 'string',
      enum: ['issuance', 'status'],
      description: 'issuance: the certificate is new; status: its status has changed.',
    },
    at: instant('When it happened.'),
    status: {
      type: 'string',
      enum: ['pending', 'issued', 'suspended', 'revoked'],
      description: 'The status that the certificate had afterwards.',
    },
    reason: nullable({ type: 'string', enum: REASONS, description: 'certificateHold: it was suspended.' }),
    certificate: component('CertificateSummary'),
  },
  ['entry', 'kind', 'at', 'status', 'reason', 'certificate'],
);

export const certificateChanges = object(
  {
    changes: { type: 'array', items: certificateChange, description: 'In the order of their entries.' },
    next: count('Ask for changes after this number next.'),
    more: {
      type: 'boolean',
      description: 'true: the audit log goes on after next, so ask again at once. false: ask again later.',
    },
  },
  ['changes', 'next', 'more'],
);
