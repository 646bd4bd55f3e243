/** Schemas of the history of CRLs. */
import { instant, nextCursor, nullable, object } from '../parts.js';

const LISTED = {
  number: { type: 'integer', description: 'CRLNumber (RFC 5280 5.2.3).' },
  kind: { type: 'string', enum: ['full', 'delta'], description: 'delta: only what has changed since base.' },
  partition: nullable({ type: 'integer', description: 'The certificates of this partition; null: all of the CA.' }),
  base: nullable({ type: 'integer', description: 'The number of the full CRL that a delta CRL completes.' }),
  state: {
    type: 'string',
    enum: ['reserved', 'published', 'abandoned'],
    description: 'reserved: it is being made. abandoned: its number is used, and no CRL has it.',
  },
  thisUpdate: instant('When the CRL was issued.'),
  nextUpdate: instant('The next CRL is published by then.'),
  publishedAt: nullable(instant('When it got its public name; null: it has none, or comes from a ceremony.')),
  delaySeconds: nullable({ type: 'number', description: 'From thisUpdate to publishedAt.' }),
  sizeBytes: nullable({ type: 'integer', minimum: 0, description: 'Octets of its DER; null: it was not made.' }),
  entries: nullable({ type: 'integer', minimum: 0, description: 'Its entries; null: it was not made.' }),
  sha256: nullable({ type: 'string', description: 'SHA-256 of the CRL, hex.' }),
} as const;

export const crlHistory = object(
  {
    crls: {
      type: 'array',
      items: object(LISTED, Object.keys(LISTED) as (keyof typeof LISTED)[]),
      description: 'The latest thisUpdate first.',
    },
    nextCursor,
  },
  ['crls', 'nextCursor'],
);
