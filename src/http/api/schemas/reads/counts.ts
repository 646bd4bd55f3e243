/** Schemas of responses with counts of certificates. */
import { anyText, count, instant, nullable, object, REASONS } from '../parts.js';

const dayCount = object(
  {
    day: anyText('The day, UTC: 2026-03-01.'),
    ca: anyText('Issuing CA, e.g. aci-fo-pp.'),
    issuer: anyText('Generation of the CA, e.g. aci-fo-pp-2.'),
    profile: anyText('Profile id.'),
    issued: count('Certificates that were issued.'),
    revoked: {
      type: 'object',
      propertyNames: { enum: REASONS },
      additionalProperties: count('Certificates that were revoked.'),
      description: 'Certificates that were revoked on this day, by reason.',
    },
  },
  ['day', 'ca', 'issuer', 'profile', 'issued', 'revoked'],
);

export const dayCounts = object(
  {
    counts: {
      type: 'array',
      items: dayCount,
      description: 'By day, issuer and profile; those without any are left out.',
    },
    countedAt: nullable(instant('What happened until then is counted; null: nothing is yet.')),
  },
  ['counts', 'countedAt'],
);

const countedUntil = instant(
  'Certificates that end until then are counted. It is earlier than the end of the period if there are more than 500,000.',
);

export const expiring = object(
  {
    weeks: {
      type: 'array',
      description: 'By profile and week; those without any are left out.',
      items: object(
        {
          profile: anyText('Profile id.'),
          week: anyText('Monday of the week, UTC: 2026-03-02.'),
          count: count('Issued and suspended certificates that end in it.'),
        },
        ['profile', 'week', 'count'],
      ),
    },
    countedUntil,
  },
  ['weeks', 'countedUntil'],
);

export const expiringOfStructures = object(
  {
    structures: {
      type: 'array',
      items: object(
        {
          structure: nullable(anyText('Id of the structure; null: the holders have none.')),
          count: count('Issued and suspended certificates that end.'),
        },
        ['structure', 'count'],
      ),
      description: 'The 200 structures with the most of them.',
    },
    countedUntil,
  },
  ['structures', 'countedUntil'],
);
